import type { Sql } from "@rondo/db";
import {
  type OutboxState,
  outboxState,
  type RefusedEvent,
  refusedEvents,
  type WaitingEvent,
  waitingEvents,
} from "@rondo/outbox/operator_queries";

/** The outbox of one service. */
export interface Outbox extends OutboxState {
  readonly schema: string;
  /** Those that have waited for too long. */
  readonly stuck: readonly WaitingEvent[];
  readonly refused_events: readonly RefusedEvent[];
}

/** Every schema that has an outbox. */
export async function outboxSchemas(sql: Sql): Promise<string[]> {
  const rows = await sql<{ schema: string }[]>`
    select t.schemaname as schema from pg_tables t join pg_tables m using (schemaname)
    where t.tablename = 'outbox' and m.tablename = 'migration' order by 1`;
  return rows.map(({ schema }) => schema);
}

/** `limit`: at most so many of the stuck and of the refused ones. */
export async function readOutboxes(sql: Sql, stuckAfterSeconds: number, limit: number): Promise<Outbox[]> {
  const found: Outbox[] = [];
  for (const schema of await outboxSchemas(sql)) {
    found.push({
      schema,
      ...(await outboxState(sql, schema)),
      stuck: await waitingEvents(sql, schema, stuckAfterSeconds, limit),
      refused_events: await refusedEvents(sql, schema, limit),
    });
  }
  return found;
}
