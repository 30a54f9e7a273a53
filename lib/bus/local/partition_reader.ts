import { pause, WakeUp } from "@rondo/coordination";
import type { Sql } from "@rondo/db";
import type { Consumer } from "../consumer.ts";
import { readValue } from "../content.ts";
import { selectHeldKeys } from "../parked/queries.ts";
import { reportDead } from "../report.ts";
import { storable } from "../storable.ts";
import { type Incoming, type Settlement, takeBatch } from "../take_batch.ts";
import { settleBatch } from "./dead_letter_queries.ts";
import { type Assignment, type LogRow, moveCursor, readCursor } from "./log_queries.ts";
import { type HandedRow, PartitionLog } from "./partition_log.ts";

const longestSleepMs = 60_000;
const pauseAfterErrorMs = 300;

export interface PartitionReaderOptions {
  readonly sql: Sql;
  readonly assignment: Assignment;
  readonly consumer: Consumer;
  /** Told when this reader has parked something. */
  readonly parked: () => void;
}

/** Reads one partition for one group, as long as this process holds the group. Nothing in here runs twice at a time. */
export class PartitionReader {
  readonly #sql: Sql;
  readonly #assignment: Assignment;
  readonly #consumer: Consumer;
  readonly #parked: () => void;
  readonly #log: PartitionLog;
  readonly #wakeUp = new WakeUp();
  /** Nothing is kept for a group that another process holds. */
  #reads = false;
  #position = 0;

  constructor({ sql, assignment, consumer, parked }: PartitionReaderOptions) {
    this.#sql = sql;
    this.#assignment = assignment;
    this.#consumer = consumer;
    this.#parked = parked;
    this.#log = new PartitionLog(sql, assignment.topic, assignment.partition);
  }

  /** The partition has something new: see `Listener`. */
  published(rows?: readonly HandedRow[]): void {
    if (!this.#reads) return;
    this.#log.published(rows);
    this.#wakeUp.notify();
  }

  async run(over: AbortSignal): Promise<void> {
    const { gate, log } = this.#consumer;
    this.#reads = true;
    while (!over.aborted) {
      try {
        this.#log.published();
        this.#position = await readCursor(this.#sql, this.#assignment);
        await this.#follow(over);
      } catch (error) {
        // What was settled and what was not is read again from the database: it alone knows.
        if (!over.aborted && !(await gate.isAway()))
          log.warn("reading a partition failed", { ...this.#assignment, error });
        await pause(pauseAfterErrorMs, over);
      }
      await gate.untilBack(over);
    }
    this.#reads = false;
  }

  /** Until something is away: then the batch is read again when it is back. */
  async #follow(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const rows = await this.#log.next(this.#position, this.#consumer.batchSize);
      const last = rows.at(-1);
      if (last === undefined) await this.#wakeUp.wait(longestSleepMs, over);
      else {
        const settlement = await this.#take(rows);
        if (settlement === undefined) return;
        await this.#settle(settlement, last.id);
      }
    }
  }

  async #take(rows: readonly LogRow[]): Promise<Settlement<Incoming> | undefined> {
    const held = await selectHeldKeys(this.#sql, this.#assignment, new Set(rows.map(({ key }) => key)));
    const { partition } = this.#assignment;
    const items = rows.map(({ key, event }): Incoming => {
      return { key, partition, content: readValue(event), text: () => JSON.stringify(event) };
    });
    return await takeBatch(this.#consumer, items, held);
  }

  async #settle({ parked, dead }: Settlement<Incoming>, to: number): Promise<void> {
    const from = this.#position;
    const letters = dead.map(({ item, reason, tries }) => {
      const { key, partition, text } = item;
      return { key: storable(key), partition, event: text(), reason, tries, first_failed_at: null };
    });
    const isClean = parked.length === 0 && letters.length === 0;
    const moved = isClean
      ? await moveCursor(this.#sql, this.#assignment, from, to)
      : await settleBatch(this.#sql, this.#assignment, { from, to }, { parked, dead: letters });
    if (!moved) throw new Error("another process moved the cursor of this group");
    this.#position = to;
    if (parked.length > 0) this.#parked();
    if (letters.length > 0) reportDead(this.#consumer, this.#assignment, letters.length);
  }
}
