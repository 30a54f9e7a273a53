import type { Bus } from "@rondo/bus";
import type { Sql } from "@rondo/db";
import { Floor } from "./floor.ts";
import { type Progress, publishRows } from "./publish_rows.ts";
import { deletePublished, type OutboxRow, readPayloads, readWaiting, setAside, type WaitingRow } from "./queries.ts";
import { Recent } from "./recent.ts";

export { Recent };

export interface RoundsOptions {
  readonly sql: Sql;
  /** The schema whose outbox is emptied. */
  readonly schema: string;
  readonly bus: Bus;
  /** Most events in one round. */
  readonly batchSize: number;
  /** What this process appended lately; nothing unless told. */
  readonly recent?: Recent | undefined;
}

/** What became of the events of a round. Those that are neither published nor refused are read again by the next. */
export interface Round {
  readonly read: number;
  /** When each event happened that the engine has now acknowledged: RFC 3339. */
  readonly published: readonly string[];
  readonly refused: number;
}

/** The relay without its clock and its place: what one process remembers from round to round, lost when it dies. */
export interface Rounds {
  /**
   * Reads, publishes, forgets what the engine acknowledged and sets aside what it refused.
   * @param now in milliseconds, of a clock that only goes forward
   * @param all from the oldest on, whatever was seen before
   */
  next(now: number, all: boolean): Promise<Round>;
}

export function createRounds({ sql, schema, bus, batchSize, recent = new Recent() }: RoundsOptions): Rounds {
  const floor = new Floor();
  const progress: Progress = new Map();
  return {
    async next(now, all) {
      const waiting = await readWaiting(sql, schema, all ? 0 : floor.from(now), batchSize);
      const last = waiting.at(-1);
      if (last === undefined) return { read: 0, published: [], refused: 0 };
      const rows = await withPayloads(waiting);
      recent.age();
      const { done, times, refused } = await publishRows(bus, rows, progress);
      await Promise.all([deletePublished(sql, schema, done), setAside(sql, schema, refused)]);
      if (done.length + refused.length === rows.length) floor.published(last.id, waiting.length === batchSize, now);
      else floor.reset();
      return { read: rows.length, published: times, refused: refused.length };
    },
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
