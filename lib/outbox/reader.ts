import type { Sql } from "@rondo/db";
import { destinationOf } from "./destination.ts";
import { LowWatermark } from "./low_watermark.ts";
import { keepDestinations, readPayloads, readWaiting, setAside, type WaitingRow } from "./queries.ts";

/** A row whose topics are known. */
export interface NewRow extends WaitingRow {
  readonly topics: readonly string[];
}

export interface Read {
  /** In the order in which they were appended; none that was read before. */
  readonly rows: readonly NewRow[];
  /** How many were set aside, for nobody can tell where they go. */
  readonly refused: number;
  /** There may be more. */
  readonly more: boolean;
}

/**
 * Reads what was appended to the outbox, each row once: what is read is handed to the lanes, which keep it until it is published. A row is
 * read before every row that was appended after its commit.
 */
export class Reader {
  readonly #sql: Sql;
  readonly #schema: string;
  readonly #limit: number;
  readonly #watermark: LowWatermark;
  /** Read and still there, above the watermark. */
  readonly #known = new Set<number>();
  #more = false;

  constructor(sql: Sql, schema: string, limit: number) {
    this.#sql = sql;
    this.#schema = schema;
    this.#limit = limit;
    this.#watermark = new LowWatermark(sql, schema);
  }

  /** @param now in milliseconds */
  async next(now: number): Promise<Read> {
    const settled = await this.#watermark.settled(now, this.#more);
    const rows = await readWaiting(this.#sql, this.#schema, {
      after: this.#watermark.value,
      except: [...this.#known],
      limit: this.#limit,
    });
    this.#more = rows.length === this.#limit;
    const read = await this.#withTopics(rows);
    for (const { id } of read.rows) this.#known.add(id);
    const last = rows.at(-1)?.id ?? 0;
    this.#rise(settled, this.#more ? last : Math.max(settled, last));
    return { ...read, more: this.#more };
  }

  /** These are no longer in the outbox. */
  gone(ids: readonly number[]): void {
    for (const id of ids) this.#known.delete(id);
  }

  #rise(settled: number, readUpTo: number): void {
    const before = this.#watermark.value;
    this.#watermark.rise(settled, readUpTo);
    if (this.#watermark.value === before) return;
    for (const id of this.#known) if (id <= this.#watermark.value) this.#known.delete(id);
  }

  /** Rows of older writers say no topics: they are looked up by the type and written down, so that everybody else finds them. */
  async #withTopics(rows: readonly WaitingRow[]): Promise<Pick<Read, "rows" | "refused">> {
    const said = rows.filter((row): row is NewRow => row.topics !== null);
    if (said.length === rows.length) return { rows: said, refused: 0 };
    const unsaid = rows.filter(({ topics }) => topics === null).map(({ id }) => id);
    const found = new Map<number, readonly string[]>();
    const unknown: { id: number; reason: string }[] = [];
    const written: { id: number; topics: readonly string[]; signal: object | null }[] = [];
    for (const { id, payload } of await readPayloads(this.#sql, this.#schema, unsaid)) {
      const destination = destinationOf(payload);
      if (typeof destination === "string") unknown.push({ id, reason: destination });
      else {
        found.set(id, destination.topics);
        written.push({ id, topics: destination.topics, signal: destination.signal ?? null });
      }
    }
    await setAside(this.#sql, this.#schema, unknown);
    await keepDestinations(this.#sql, this.#schema, written);
    const known = rows.flatMap((row) => {
      const topics = row.topics ?? found.get(row.id);
      return topics === undefined ? [] : [{ ...row, topics }];
    });
    return { rows: known, refused: unknown.length };
  }
}
