import type { Sql } from "@rondo/db";
import type { Topic } from "@rondo/event";
import { type LogRow, readLog } from "./log_queries.ts";

/** A row that this process has just published. */
export interface HandedRow extends LogRow {
  /** Size of its JSON text. */
  readonly bytes: number;
}

/** What waits in memory for a reader that is busy; beyond it the log itself is the better place. */
const mostBytes = 2_000_000;

/**
 * One partition as one reader of this process follows it. What was published here is handed over as it is, without the way
 * through the database, as long as it follows the reader's position without a gap; everything else is read from the log.
 */
export class PartitionLog {
  readonly #sql: Sql;
  readonly #topic: Topic;
  readonly #partition: number;
  #handed: HandedRow[] = [];
  #handedBytes = 0;
  #unread = true;

  constructor(sql: Sql, topic: Topic, partition: number) {
    this.#sql = sql;
    this.#topic = topic;
    this.#partition = partition;
  }

  /** There is something new: these rows, or nobody here knows what. */
  published(rows?: readonly HandedRow[]): void {
    if (rows === undefined) this.#unread = true;
    else this.#keep(rows);
  }

  /** At most `limit` events that follow the one with the id `after`; none when there is nothing to be expected. */
  async next(after: number, limit: number): Promise<readonly LogRow[]> {
    const handed = this.#take(after, limit);
    if (handed.length > 0) return handed;
    if (!this.#unread) return [];
    this.#unread = false;
    try {
      const rows = await readLog(this.#sql, this.#topic, this.#partition, after, limit);
      if (rows.length > 0) this.#unread = true;
      return rows;
    } catch (error) {
      this.#unread = true;
      throw error;
    }
  }

  #keep(rows: readonly HandedRow[]): void {
    for (const row of rows) this.#handedBytes += row.bytes;
    this.#handed.push(...rows);
    if (this.#handedBytes > mostBytes) this.#letGo();
  }

  #take(after: number, limit: number): LogRow[] {
    const first = this.#handed.findIndex(({ id }) => id > after);
    this.#forget(first === -1 ? this.#handed.length : first);
    let count = 0;
    while (count < limit && this.#handed[count]?.id === after + 1 + count) count += 1;
    if (count === 0 && this.#handed.length > 0) this.#letGo();
    return this.#forget(count);
  }

  /** What was handed over is in the log as well. */
  #letGo(): void {
    this.#forget(this.#handed.length);
    this.#unread = true;
  }

  #forget(count: number): HandedRow[] {
    const gone = this.#handed.splice(0, count);
    for (const row of gone) this.#handedBytes -= row.bytes;
    return gone;
  }
}
