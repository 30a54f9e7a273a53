import type { Database, Sql } from "@rondo/db";
import { insertParked } from "../parked/queries.ts";
import { type GroupOfTopic, queueOfKey } from "../parked/queue.ts";

const atOnce = 500;

/** Takes over what the version before this one parked in its own table, which it still uses when somebody goes back to it. */
export async function moveOldParked(db: Database, group: GroupOfTopic): Promise<void> {
  for (;;) {
    const count = await db.transaction(async (tx) => {
      const rows = await deleteOldParked(tx, group);
      const events = rows.map((row) => ({ ...row, queue: queueOfKey(row.key), unknown_type: null, pause_ms: 0 }));
      if (events.length > 0) await insertParked(tx, group, events);
      return events.length;
    });
    if (count < atOnce) return;
  }
}

interface OldRow {
  readonly id: number;
  readonly key: string;
  readonly partition: number;
  readonly event: string;
  readonly tries: number;
  readonly reason: string | null;
}

async function deleteOldParked(sql: Sql, { topic, group }: GroupOfTopic): Promise<OldRow[]> {
  const rows = await sql<OldRow[]>`
    delete from bus.parked where topic = ${topic} and consumer_group = ${group} and id in (
      select id from bus.parked where topic = ${topic} and consumer_group = ${group} order by id limit ${atOnce}
    )
    returning id, key, partition, event::text, tries, reason`;
  return rows.toSorted((one, other) => one.id - other.id);
}
