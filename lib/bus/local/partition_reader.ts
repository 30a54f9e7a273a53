import { pause, WakeUp } from "@rondo/coordination";
import type { Sql } from "@rondo/db";
import { type Consumer, deliver } from "../deliver.ts";
import { reportDead } from "../report.ts";
import { readHeldKeys, settleBatch } from "./failure_queries.ts";
import { type Assignment, moveCursor, readCursor } from "./log_queries.ts";
import { type HandedRow, PartitionLog } from "./partition_log.ts";
import { retryKey } from "./retry_key.ts";
import { settlementOf, sortBatch } from "./settle.ts";

const longestSleepMs = 60_000;
const pauseAfterErrorMs = 300;

/** Reads one partition for one group, as long as this process holds the group. Nothing in here runs twice at a time. */
export class PartitionReader {
  readonly #sql: Sql;
  readonly #assignment: Assignment;
  readonly #consumer: Consumer;
  readonly #log: PartitionLog;
  readonly #wakeUp = new WakeUp();
  /** Nothing is kept for a group that another process holds. */
  #reads = false;
  #position = 0;
  /** The keys that have events waiting, with the moment (`performance.now()`) at which the first one is due. */
  #held = new Map<string, number>();
  #heldIsStale = true;

  constructor(sql: Sql, assignment: Assignment, consumer: Consumer) {
    this.#sql = sql;
    this.#assignment = assignment;
    this.#consumer = consumer;
    this.#log = new PartitionLog(sql, assignment.topic, assignment.partition);
  }

  /** The partition has something new: see `Listener`. */
  published(rows?: readonly HandedRow[]): void {
    if (!this.#reads) return;
    this.#log.published(rows);
    this.#wakeUp.notify();
  }

  /** To be called when somebody parked events, in this process or another: replayed dead letters are parked. */
  parkedChanged(): void {
    this.#heldIsStale = true;
    this.#wakeUp.notify();
  }

  async run(over: AbortSignal): Promise<void> {
    this.#reads = true;
    while (!over.aborted) {
      try {
        this.#log.published();
        this.#position = await readCursor(this.#sql, this.#assignment);
        this.#heldIsStale = true;
        await this.#follow(over);
      } catch (error) {
        // What was settled and what was not is read again from the database: it alone knows.
        if (!over.aborted) this.#consumer.log.warn("reading a partition failed", { ...this.#assignment, error });
        await pause(pauseAfterErrorMs, over);
      }
    }
    this.#reads = false;
  }

  async #follow(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.#refreshHeld();
      const retried = await this.#retryOne(over);
      const read = !over.aborted && (await this.#readOne());
      if (!retried && !read) await this.#wakeUp.wait(this.#untilDue(), over);
    }
  }

  async #refreshHeld(): Promise<void> {
    if (!this.#heldIsStale) return;
    this.#heldIsStale = false;
    const keys = await readHeldKeys(this.#sql, this.#assignment);
    const now = performance.now();
    this.#held = new Map(keys.map(({ key, due_in_ms }) => [key, now + due_in_ms]));
  }

  /** Tries the events of one held key that is due. One only, so that a batch of the others gets its turn in between. */
  async #retryOne(over: AbortSignal): Promise<boolean> {
    const now = performance.now();
    for (const [key, dueAt] of this.#held) {
      if (dueAt > now) continue;
      const dueInMs = await retryKey(this.#sql, this.#assignment, this.#consumer, key, over);
      this.#held.delete(key);
      if (dueInMs !== undefined) this.#held.set(key, performance.now() + dueInMs);
      return true;
    }
    return false;
  }

  /** Takes the next batch of the log; false when there is none. */
  async #readOne(): Promise<boolean> {
    const rows = await this.#log.next(this.#position, this.#consumer.batchSize);
    const last = rows.at(-1);
    if (last === undefined) return false;
    const batch = sortBatch(rows, this.#assignment, this.#held);
    const deliveries = batch.flatMap((item) => (item.kind === "deliver" ? [item.delivery] : []));
    const answer = deliveries.length === 0 ? nothing : await deliver(this.#consumer, deliveries);
    const { parked, dead } = settlementOf(batch, answer, this.#consumer.policy);
    const clean = parked.length === 0 && dead.length === 0;
    const moved = clean
      ? await moveCursor(this.#sql, this.#assignment, this.#position, last.id)
      : await settleBatch(this.#sql, this.#assignment, this.#position, last.id, { parked, dead });
    if (!moved) throw new Error("another process moved the cursor of this group");
    this.#position = last.id;
    if (parked.length > 0) this.#heldIsStale = true;
    if (dead.length > 0) reportDead(this.#consumer, this.#assignment, dead.length);
    return true;
  }

  #untilDue(): number {
    let soonest = longestSleepMs;
    for (const dueAt of this.#held.values()) soonest = Math.min(soonest, dueAt - performance.now());
    return soonest;
  }
}

const nothing = { outcomes: [], whole: false };
