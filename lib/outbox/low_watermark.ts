import type { Sql } from "@rondo/db";
import { readAppenders, readLastId } from "./queries.ts";

/** How often to look for a higher one; at most this long a reader walks over the dead entries of rows that were deleted since. */
const riseEveryMs = 1_000;

/** What could still appear when the watermark was last looked at: ids up to `last`, from these transactions. */
interface Mark {
  readonly last: number;
  readonly appenders: ReadonlySet<string>;
}

/**
 * The low watermark of the outbox: every id up to it is done with, and none can appear there any more. The relay reads what lies above it,
 * always all of it, so an event is never published before one that was committed earlier.
 *
 * Ids become visible out of order, for a transaction may take one and commit much later. Whoever takes an id holds the table's row lock
 * (`ROW EXCLUSIVE`) before that and until its end. So what was given out before a look is settled once those who held the lock at that
 * look have ended. The clock decides only how often this is asked.
 */
export class LowWatermark {
  readonly #sql: Sql;
  readonly #schema: string;
  #value = 0;
  #settled = 0;
  #mark: Mark | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** A look could find a higher one: nobody looks while the outbox is at rest. */
  #mayRise = true;

  constructor(sql: Sql, schema: string) {
    this.#sql = sql;
    this.#schema = schema;
  }

  get value(): number {
    return this.#value;
  }

  /** Up to which id nothing new can appear. To be asked before a read: the read then sees everything up to it. */
  async settled(now: number, soon: boolean): Promise<number> {
    if (this.#mayRise && (soon || now - this.#lookedAt >= riseEveryMs)) {
      this.#lookedAt = now;
      await this.#look();
    }
    return this.#settled;
  }

  /** Everything up to this id that was visible to a read is done with; `settled` is what was known before that read. */
  rise(settled: number, doneUpTo: number): void {
    this.#value = Math.max(this.#value, Math.min(settled, doneUpTo));
    if (doneUpTo > settled) this.#mayRise = true;
  }

  async #look(): Promise<void> {
    // In this order: whoever has taken an id up to `last` is among the appenders, or has ended.
    const last = await readLastId(this.#sql, this.#schema);
    const appenders = await readAppenders(this.#sql, this.#schema);
    if (this.#mark !== undefined && appenders.some((appender) => this.#mark?.appenders.has(appender))) return;
    if (appenders.length === 0) this.#settled = last;
    else if (this.#mark !== undefined) this.#settled = this.#mark.last;
    this.#mayRise = this.#settled < last;
    this.#mark = { last, appenders: new Set(appenders) };
  }
}
