import type { Sql } from "@rondo/db";
import { trimRateLimits } from "@rondo/http";
import type { Scheduler } from "@rondo/scheduler";
import { openMonths } from "./entry/queries.ts";

const tenMinutesMs = 600_000;
const monthMs = 31 * 86_400_000;

/**
 * What the audit service does by itself, once in the whole deployment: it makes the trail's part for the next month ahead of time, and
 * forgets limits that are over. To be called before the scheduler starts.
 */
export function scheduleAuditChores(scheduler: Scheduler, { sql, clock }: { sql: Sql; clock: () => Date }): void {
  scheduler.every("audit-months", tenMinutesMs, async () => {
    const now = clock();
    await openMonths(
      sql,
      [now, new Date(now.getTime() + monthMs)].map((moment) => moment.toISOString()),
    );
  });
  scheduler.every("audit-trim", tenMinutesMs, () => trimRateLimits(sql, "audit"));
}
