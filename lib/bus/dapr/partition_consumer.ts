import { pause, untilAborted } from "@rondo/coordination";
import type { Sql } from "@rondo/db";
import type { Consumer } from "../consumer.ts";
import { insertParked, selectHeldKeys } from "../parked/queries.ts";
import { reportDead } from "../report.ts";
import { type Dead, type Settlement, takeBatch, untriedAs } from "../take_batch.ts";
import type { DeadLetterWriter } from "./dead_letter_writer.ts";
import type { Entry } from "./envelope.ts";
import { type Item, itemOf } from "./item.ts";

const pauseAfterErrorMs = 300;

export interface PartitionConsumerOptions {
  readonly sql: Sql;
  readonly consumer: Consumer;
  readonly partition: number;
  readonly writeDeadLetters: DeadLetterWriter;
  /** Told when something was parked. */
  readonly parked: () => void;
}

/**
 * One partition of a group, in this process. What fails is parked, so a call ends as soon as each event has been with the handler
 * once. The sidecar's calls come and go all the same: it takes its call back when the partition moves or it has waited for too long, and brings
 * the same records again. So what was settled is kept here until other records come, and one call works at a time: no event
 * is with the handler twice at once.
 */
export class PartitionConsumer {
  readonly #options: PartitionConsumerOptions;
  #items = new Map<number, Item>();
  #working: Promise<void> | undefined;

  constructor(options: PartitionConsumerOptions) {
    this.#options = options;
  }

  /**
   * Works on the entries until all of them are settled, or `over` is aborted: then at once, and what is with the handler
   * goes on behind it. After `closing` nothing new is begun. @returns those that never have to come again
   */
  async take(entries: readonly Entry[], over: AbortSignal, closing: AbortSignal): Promise<readonly Entry[]> {
    while (this.#working !== undefined && !over.aborted) await ended(this.#working, over);
    if (over.aborted || closing.aborted) return [];
    const items = this.#itemsOf(entries);
    this.#working = this.#work(items, AbortSignal.any([over, closing])).finally(() => {
      this.#working = undefined;
    });
    await ended(this.#working, over);
    return entries.filter((_, index) => items[index]?.isSettled);
  }

  /** Resolves when nothing is with the handler. */
  async idle(): Promise<void> {
    await this.#working;
  }

  /** Those of the latest batch are recognized when they come again, together or in part; anything else begins a new one. */
  #itemsOf(entries: readonly Entry[]): Item[] {
    const { group } = this.#options.consumer.subscription;
    const prints = entries.map(({ bytes }) => Bun.hash(bytes));
    const known = entries.map(({ offset }, index) => {
      const item = this.#items.get(offset);
      return item?.print === prints[index] ? item : undefined;
    });
    if (known.every((item) => item === undefined)) this.#items = new Map();
    return entries.map((entry, index) => {
      const item = known[index] ?? itemOf(entry, group);
      this.#items.set(entry.offset, item);
      return item;
    });
  }

  /** Batch after batch. While something is away, it waits and begins the batch again. */
  async #work(items: readonly Item[], over: AbortSignal): Promise<void> {
    const { consumer, partition } = this.#options;
    const { gate, log, batchSize, subscription } = consumer;
    for (;;) {
      await gate.untilBack(over);
      const batch = items.filter(({ isSettled }) => !isSettled).slice(0, batchSize);
      if (over.aborted || batch.length === 0) return;
      try {
        const settlement = await this.#takeBatch(batch);
        if (settlement !== undefined && !(await this.#settle(batch, settlement))) await pause(pauseAfterErrorMs, over);
      } catch (error) {
        const { topic, group } = subscription;
        if (!(await gate.isAway())) log.warn("a batch could not be settled", { topic, group, partition, error });
        await pause(pauseAfterErrorMs, over);
      }
    }
  }

  async #takeBatch(batch: readonly Item[]): Promise<Settlement<Item> | undefined> {
    const { sql, consumer } = this.#options;
    const held = await selectHeldKeys(sql, consumer.subscription, new Set(batch.map(({ key }) => key)));
    return await takeBatch(consumer, batch, held);
  }

  /**
   * What cannot be put among the dead letters now is parked, or keeps its place in the log when it cannot even be read.
   * @returns whether all is settled
   */
  async #settle(batch: readonly Item[], { parked, dead }: Settlement<Item>): Promise<boolean> {
    const { sql, consumer, parked: tellParked } = this.#options;
    const lost = await this.#writeDead(dead);
    const events = [...lost].filter(({ content }) => content.is === "event");
    const kept = [
      ...parked,
      ...events.map((item) => ({ ...untriedAs(item), pause_ms: consumer.policy.longestPauseMs })),
    ];
    if (kept.length > 0) {
      await insertParked(sql, consumer.subscription, kept);
      tellParked();
    }
    for (const item of batch) item.isSettled = item.content.is === "event" || !lost.has(item);
    return batch.every(({ isSettled }) => isSettled);
  }

  /** @returns those that were not written */
  async #writeDead(dead: readonly Dead<Item>[]): Promise<ReadonlySet<Item>> {
    if (dead.length === 0) return new Set();
    const { consumer, partition, writeDeadLetters } = this.#options;
    const letters = dead.map(({ item, reason, tries }) => {
      return { key: item.logKey, partition, original: item.bytes, reason, tries, first_failed_at: null };
    });
    const written = await writeDeadLetters(letters);
    const lost = dead.filter((_, index) => written[index] !== true).map(({ item }) => item);
    const { topic, group } = consumer.subscription;
    if (lost.length < dead.length) reportDead(consumer, { topic, group, partition }, dead.length - lost.length);
    return new Set(lost);
  }
}

/** When the work has ended or the signal is aborted, whichever comes first. */
async function ended(work: Promise<void>, signal: AbortSignal): Promise<void> {
  await Promise.race([work, untilAborted(signal)]);
}
