import type { Bus } from "@rondo/bus";
import type { Sql } from "@rondo/db";
import { Floor } from "./floor.ts";
import { type Progress, publishRows } from "./publish_rows.ts";
import { deletePublished, readOutbox, setAside } from "./queries.ts";

export interface RoundsOptions {
  readonly sql: Sql;
  /** The schema whose outbox is emptied. */
  readonly schema: string;
  readonly bus: Bus;
  /** Most events in one round. */
  readonly batchSize: number;
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

export function createRounds({ sql, schema, bus, batchSize }: RoundsOptions): Rounds {
  const floor = new Floor();
  const progress: Progress = new Map();
  return {
    async next(now, all) {
      const rows = await readOutbox(sql, schema, all ? 0 : floor.from(now), batchSize);
      const last = rows.at(-1);
      if (last === undefined) return { read: 0, published: [], refused: 0 };
      const { done, times, refused } = await publishRows(bus, rows, progress);
      await Promise.all([deletePublished(sql, schema, done), setAside(sql, schema, refused)]);
      if (done.length + refused.length === rows.length) floor.published(last.id, rows.length === batchSize, now);
      else floor.reset();
      return { read: rows.length, published: times, refused: refused.length };
    },
  };
}
