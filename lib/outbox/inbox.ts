import { pause } from "@rondo/bus";
import type { Database, Sql } from "@rondo/db";
import { getLog } from "@rondo/telemetry";

/**
 * Records that the consumer is about to have its effect for these events, and answers those it had none for yet. To be
 * called with the transaction of the effect: whatever is delivered twice, also at the same time, has its effect once.
 */
export async function takeNew(
  sql: Sql,
  schema: string,
  consumer: string,
  eventIds: readonly string[],
): Promise<Set<string>> {
  const rows = await sql<{ event_id: string }[]>`
    insert into ${sql(schema)}.inbox (consumer, event_id)
    select distinct ${consumer}::text, id from unnest(${[...eventIds]}::uuid[]) as e (id) order by id
    on conflict do nothing returning event_id`;
  return new Set(rows.map((row) => row.event_id));
}

/** Forgets, in small pieces, what was recorded before `before`; answers how many. */
export async function trimInbox(sql: Sql, schema: string, before: Date): Promise<number> {
  const atOnce = 5_000;
  let trimmed = 0;
  for (;;) {
    const gone = await sql`
      delete from ${sql(schema)}.inbox where (consumer, event_id) in (
        select consumer, event_id from ${sql(schema)}.inbox where at < ${before} order by at limit ${atOnce}
      )`;
    trimmed += gone.count;
    if (gone.count < atOnce) return trimmed;
  }
}

const dayMs = 86_400_000;
const everyMs = 3_600_000;

export interface InboxTrimming {
  stop(): Promise<void>;
}

/** Trims an inbox now and every hour. 30 days are far beyond the 7 for which the bus keeps events. */
export function keepInboxTrimmed({
  db,
  schema,
  keepMs = 30 * dayMs,
}: {
  db: Database;
  schema: string;
  keepMs?: number;
}): InboxTrimming {
  const stopping = new AbortController();
  const log = getLog("inbox");
  const run = async () => {
    while (!stopping.signal.aborted) {
      await trimInbox(db.sql, schema, new Date(Date.now() - keepMs)).catch((error: unknown) =>
        log.warn("trimming the inbox failed", { schema, error }),
      );
      await pause(everyMs, stopping.signal);
    }
  };
  const running = run();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
