import type { Bus } from "@rondo/bus";
import type { Sql } from "@rondo/db";
import { destinationsOf, outgoingOf } from "./destination.ts";
import { LowWatermark } from "./low_watermark.ts";
import { type OutgoingRow, type Progress, publishRows } from "./publish_rows.ts";
import { deletePublished, readPayloads, readWaiting, setAside, type WaitingRow } from "./queries.ts";

export interface RelayStepOptions {
  readonly sql: Sql;
  /** The schema whose outbox is emptied. */
  readonly schema: string;
  readonly bus: Bus;
  /** Most events in one step. */
  readonly batchSize: number;
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

/** Most bytes of events that are held in memory at once, unless one alone is larger. */
const mostBytes = 1_000_000;

/** The relay without its clock and its place. What it remembers from step to step is lost when the process dies. */
export function createRelayStep({ sql, schema, bus, batchSize }: RelayStepOptions): RelayStep {
  const watermark = new LowWatermark(sql, schema);
  const progress: Progress = new Map();
  let backlog = false;
  return async (now) => {
    const settled = await watermark.settled(now, backlog);
    const waiting = fitting(await readWaiting(sql, schema, watermark.value, batchSize));
    const last = waiting.at(-1);
    backlog = waiting.length === batchSize;
    if (last === undefined) {
      watermark.rise(settled, settled);
      return { read: 0, published: [], refused: 0 };
    }
    const { rows, unreadable } = await load(waiting);
    const { done, times, refused } = await publishRows(bus, rows, progress);
    const aside = [...unreadable, ...refused];
    await Promise.all([deletePublished(sql, schema, done), setAside(sql, schema, aside)]);
    const gone = new Set([...done, ...aside.map(({ id }) => id)]);
    const stays = rows.find(({ id }) => !gone.has(id));
    watermark.rise(settled, stays === undefined ? last.id : stays.id - 1);
    return { read: rows.length + unreadable.length, published: times, refused: aside.length };
  };

  /** In their order. One that somebody else has taken away meanwhile is missing. */
  async function load(waiting: readonly WaitingRow[]) {
    const ids = waiting.map(({ id }) => id);
    const payloads = new Map((await readPayloads(sql, schema, ids)).map((row) => [row.id, row]));
    const rows: OutgoingRow[] = [];
    const unreadable: { id: number; reason: string }[] = [];
    for (const row of waiting) {
      const payload = payloads.get(row.id);
      if (payload === undefined) continue;
      const outgoing = outgoingOf(payload, row.topics !== null);
      if (typeof outgoing === "string") unreadable.push({ id: row.id, reason: outgoing });
      else rows.push({ id: row.id, topics: destinationsOf(row), ...outgoing });
    }
    return { rows, unreadable };
  }
}

function fitting(rows: readonly WaitingRow[]): readonly WaitingRow[] {
  let bytes = 0;
  const end = rows.findIndex((row, index) => {
    bytes += row.bytes;
    return bytes > mostBytes && index > 0;
  });
  return end === -1 ? rows : rows.slice(0, end);
}
