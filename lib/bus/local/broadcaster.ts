import { pause, WakeUp } from "@rondo/coordination";
import type { Sql } from "@rondo/db";
import { parseEvent, type Topic } from "@rondo/event";
import type { Log } from "@rondo/telemetry";
import { hear } from "../hear.ts";
import type { Broadcast } from "../port.ts";
import { readHeads } from "./log_queries.ts";
import { type HandedRow, PartitionLog } from "./partition_log.ts";
import { partitions } from "./watcher.ts";

const batchSize = 500;
const longestSleepMs = 60_000;
const pauseAfterErrorMs = 300;

/** Reads a topic from its end on and calls every handler of this process; remembers nothing beyond it. */
export class Broadcaster {
  readonly #shares: readonly { readonly partition: number; readonly log: PartitionLog; position: number }[];
  readonly #wakeUp = new WakeUp();
  readonly topic: Topic;
  readonly #broadcasts: readonly Broadcast[];
  readonly #sql: Sql;
  readonly #log: Log;

  constructor(sql: Sql, topic: Topic, broadcasts: readonly Broadcast[], log: Log) {
    this.#sql = sql;
    this.#shares = partitions.map((partition) => ({
      partition,
      log: new PartitionLog(sql, topic, partition),
      position: 0,
    }));
    this.topic = topic;
    this.#broadcasts = broadcasts;
    this.#log = log;
  }

  /** A partition has something new: see `Listener`. */
  published(partition: number, rows?: readonly HandedRow[]): void {
    this.#shares[partition]?.log.published(rows);
    this.#wakeUp.notify();
  }

  /** From here on nothing is missed, and everybody is told so. */
  async begin(): Promise<void> {
    for (const { partition, head } of await readHeads(this.#sql, [this.topic])) {
      const share = this.#shares[partition];
      if (share !== undefined) share.position = head;
    }
    for (const { begin } of this.#broadcasts) begin?.();
  }

  async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      try {
        if (!(await this.#readAll(over))) await this.#wakeUp.wait(longestSleepMs, over);
      } catch (error) {
        if (!over.aborted) this.#log.warn("reading a broadcast failed", { topic: this.topic, error });
        for (const { log } of this.#shares) log.published();
        await pause(pauseAfterErrorMs, over);
      }
    }
  }

  /** The next batch of each partition; false when there was none. What was trimmed before it was read cannot be told any more: all begins anew. */
  async #readAll(over: AbortSignal): Promise<boolean> {
    const batches = await Promise.all(this.#shares.map(({ log, position }) => log.next(position, batchSize)));
    if (this.#shares.some(({ position }, index) => (batches[index]?.[0]?.id ?? 0) > position + 1)) {
      this.#log.warn("a broadcast was behind what the log keeps; it begins anew", { topic: this.topic });
      await this.begin();
      return true;
    }
    for (const [index, share] of this.#shares.entries()) {
      for (const row of batches[index] ?? []) {
        if (over.aborted) return false;
        share.position = row.id;
        this.#call(row.event);
      }
    }
    return batches.some((rows) => rows.length > 0);
  }

  #call(value: unknown): void {
    const parsed = parseEvent(value);
    if (parsed.ok && parsed.known)
      hear(
        this.topic,
        parsed.event,
        this.#broadcasts.map(({ handle }) => handle),
        this.#log,
      );
  }
}
