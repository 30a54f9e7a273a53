import type { Sql } from "@rondo/db";
import { trimRateLimits } from "@rondo/http";
import { trimInbox } from "@rondo/outbox";
import type { Scheduler } from "@rondo/scheduler";

const everyMs = 600_000;
/** Far longer than the bus keeps events. */
const inboxKeptMs = 30 * 86_400_000;

/**
 * What the audit service does by itself, once in the whole deployment: it forgets what the inbox and the limits no longer need; the
 * trail itself stays. To be called before the scheduler starts.
 */
export function scheduleAuditChores(scheduler: Scheduler, { sql, clock }: { sql: Sql; clock: () => Date }): void {
  scheduler.every("audit-trim", everyMs, async () => {
    await trimInbox(sql, "audit", new Date(clock().getTime() - inboxKeptMs));
    await trimRateLimits(sql, "audit");
  });
}
