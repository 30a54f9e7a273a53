import type { Scheduler } from "@rondo/scheduler";
import { getLog } from "@rondo/telemetry";
import { emptyBin } from "./bin/empty.ts";
import type { Deps } from "./deps.ts";
import { features } from "./features.ts";
import { trimApi } from "./trim.ts";

const tenMinutesMs = 600_000;

/** What the api does by itself, once in the whole deployment. To be called before the scheduler starts. */
export function scheduleApiChores(
  scheduler: Scheduler,
  { db, clock, newId }: Pick<Deps, "db" | "clock" | "newId">,
): void {
  const log = getLog("api");
  scheduler.every("api-bin", tenMinutesMs, async (over) => {
    for (const [thing, { purge }] of Object.entries(features)) {
      if (!purge) continue;
      const count = await emptyBin({ db, newId }, purge, clock(), over);
      if (count > 0) log.info("the bin was emptied", { thing, count });
    }
  });
  scheduler.every("api-trim", tenMinutesMs, () => trimApi(db.sql, clock()));
}
