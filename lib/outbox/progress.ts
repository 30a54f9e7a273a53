import type { Sql } from "@rondo/db";
import { deletePublished, keepAcknowledged } from "./queries.ts";

/** How long an acknowledgement of one topic waits in memory for those of the others before it is written down. */
const keptMs = 1_000;

/**
 * Which topics have acknowledged which rows. A row is deleted when all have. What some have acknowledged while another is stuck is
 * written into the row, so that it is not repeated, and needs no memory however long that takes.
 */
export class Progress {
  readonly #sql: Sql;
  readonly #schema: string;
  /** Acknowledged by some of their topics, the older ones apart from those of the last second. */
  #newer = new Map<number, Set<string>>();
  #older = new Map<number, Set<string>>();
  #turnedAt = Number.NEGATIVE_INFINITY;

  constructor(sql: Sql, schema: string) {
    this.#sql = sql;
    this.#schema = schema;
  }

  /** A topic has acknowledged these; answers those that all of their topics have. They are deleted. */
  async acknowledged<Row extends { readonly id: number; readonly topics: readonly string[] }>(
    topic: string,
    rows: readonly Row[],
  ): Promise<Row[]> {
    const done = rows.filter(({ id, topics }) => this.#isDone(id, topics, topic));
    await deletePublished(
      this.#sql,
      this.#schema,
      done.map(({ id }) => id),
    );
    return done;
  }

  /** Writes down what has waited for long enough. @param now in milliseconds */
  async keep(now: number): Promise<void> {
    if (now - this.#turnedAt < keptMs) return;
    const old = this.#older;
    this.#older = this.#newer;
    this.#newer = new Map();
    this.#turnedAt = now;
    await keepAcknowledged(this.#sql, this.#schema, old);
  }

  #isDone(id: number, topics: readonly string[], topic: string): boolean {
    const known = this.#newer.get(id) ?? this.#older.get(id);
    const acknowledged = known ?? new Set<string>();
    acknowledged.add(topic);
    const done = topics.every((wanted) => acknowledged.has(wanted));
    if (done) {
      this.#newer.delete(id);
      this.#older.delete(id);
    } else if (known === undefined) this.#newer.set(id, acknowledged);
    return done;
  }
}
