import type { Bus } from "@rondo/bus";
import type { Sql } from "@rondo/db";
import { LowWatermark } from "./low_watermark.ts";
import { type Progress, publishRows } from "./publish_rows.ts";
import { deletePublished, type OutboxRow, readPayloads, readWaiting, setAside, type WaitingRow } from "./queries.ts";
import { Recent } from "./recent.ts";

export { Recent };

export interface RelayStepOptions {
  readonly sql: Sql;
  /** The schema whose outbox is emptied. */
  readonly schema: string;
  readonly bus: Bus;
  /** Most events in one step. */
  readonly batchSize: number;
  /** What this process appended lately; nothing unless told. */
  readonly recent?: Recent | undefined;
}

/** What became of the events of a step. Those that are neither published nor refused are read again by the next. */
export interface StepResult {
  readonly read: number;
  /** When each event happened that the engine has now acknowledged: RFC 3339. */
  readonly published: readonly string[];
  readonly refused: number;
}

/**
 * One step of the relay: reads the oldest events, publishes them, forgets what the engine acknowledged and sets aside what it refused.
 * @param now in milliseconds, of a clock that only goes forward
 */
export type RelayStep = (now: number) => Promise<StepResult>;

/** The relay without its clock and its place. What it remembers from step to step is lost when the process dies. */
export function createRelayStep({ sql, schema, bus, batchSize, recent = new Recent() }: RelayStepOptions): RelayStep {
  const watermark = new LowWatermark(sql, schema);
  const progress: Progress = new Map();
  let backlog = false;
  return async (now) => {
    const settled = await watermark.settled(now, backlog);
    const waiting = await readWaiting(sql, schema, watermark.value, batchSize);
    const last = waiting.at(-1);
    backlog = waiting.length === batchSize;
    if (last === undefined) {
      watermark.rise(settled, settled);
      return { read: 0, published: [], refused: 0 };
    }
    const rows = await withPayloads(waiting);
    recent.age();
    const { done, times, refused } = await publishRows(bus, rows, progress);
    await Promise.all([deletePublished(sql, schema, done), setAside(sql, schema, refused)]);
    const gone = new Set([...done, ...refused.map(({ id }) => id)]);
    const stays = rows.find(({ id }) => !gone.has(id));
    watermark.rise(settled, stays === undefined ? last.id : stays.id - 1);
    return { read: rows.length, published: times, refused: refused.length };
  };

  /** In their order. One that somebody else has taken away meanwhile is missing. */
  async function withPayloads(waiting: readonly WaitingRow[]): Promise<OutboxRow[]> {
    const unknown = waiting.filter(({ event_id }) => recent.get(event_id) === undefined).map(({ id }) => id);
    const fetched = new Map<number, unknown>();
    if (unknown.length > 0)
      for (const { id, payload } of await readPayloads(sql, schema, unknown)) fetched.set(id, payload);
    return waiting.flatMap(({ id, event_id }) => {
      const payload = recent.get(event_id) ?? fetched.get(id);
      return payload === undefined ? [] : [{ id, payload }];
    });
  }
}
