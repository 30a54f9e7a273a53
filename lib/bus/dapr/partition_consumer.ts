import { pause, untilAborted } from "@rondo/coordination";
import { type Consumer, deliver } from "../deliver.ts";
import { reportDead } from "../report.ts";
import type { DeadLetterWriter } from "./dead_letter_writer.ts";
import type { Entry } from "./envelope.ts";
import { type Item, itemOf } from "./item.ts";
import { judgeBatch, nextBatch } from "./judge.ts";

const pauseAfterRefusalMs = 1_000;

/**
 * One partition of a group, in this process. The sidecar's calls come and go: it takes its call back when the partition
 * moves or it has waited for too long, and brings the same records again. So what was tried, and how it ended, is kept
 * here until other records come, and one call works at a time: no event is with the handler twice at once.
 */
export class PartitionConsumer {
  readonly #consumer: Consumer;
  readonly #partition: number;
  readonly #deadLetters: DeadLetterWriter;
  #items = new Map<number, Item>();
  #working: Promise<void> | undefined;

  constructor(consumer: Consumer, partition: number, deadLetters: DeadLetterWriter) {
    this.#consumer = consumer;
    this.#partition = partition;
    this.#deadLetters = deadLetters;
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
    return entries.filter((_, index) => items[index]?.state === "settled");
  }

  /** Resolves when nothing is with the handler. */
  async idle(): Promise<void> {
    await this.#working;
  }

  /** Those of the latest batch are recognized when they come again, together or in part; anything else begins a new one. */
  #itemsOf(entries: readonly Entry[]): Item[] {
    const prints = entries.map(({ bytes }) => Bun.hash(bytes));
    const known = entries.map(({ offset }, index) => {
      const item = this.#items.get(offset);
      return item?.print === prints[index] ? item : undefined;
    });
    if (known.every((item) => item === undefined)) this.#items = new Map();
    return entries.map((entry, index) => {
      const item = known[index] ?? itemOf(entry, this.#consumer.subscription.group);
      this.#items.set(entry.offset, item);
      return item;
    });
  }

  async #work(items: readonly Item[], over: AbortSignal): Promise<void> {
    await this.#writeDead(items);
    while (!over.aborted) {
      const batch = nextBatch(items, this.#consumer.batchSize);
      if (batch.length === 0) break;
      judgeBatch(batch, await this.#deliver(batch), this.#consumer.policy);
      await this.#writeDead(batch);
    }
    const open = items.filter((item) => item.state !== "settled");
    const queues = Map.groupBy(open, (item) => item.key).values();
    await Promise.all(queues.map((queue) => this.#retryInOrder(queue, over)));
  }

  /** Each alone, so that it fails for itself only, and not before the one in front of it is settled. */
  async #retryInOrder(queue: readonly Item[], over: AbortSignal): Promise<void> {
    for (const item of queue) {
      while (item.state !== "settled") {
        await pause(Math.max(0, item.dueAt - performance.now()), over);
        if (over.aborted) return;
        if (item.state === "open") await this.#tryAlone(item);
        await this.#writeDead([item]);
      }
    }
  }

  async #tryAlone(item: Item): Promise<void> {
    const { metrics, policy, subscription } = this.#consumer;
    if (item.tries > 0) metrics.retried(subscription.topic, subscription.group);
    judgeBatch([item], await this.#deliver([item]), policy);
  }

  #deliver(batch: readonly Item[]) {
    const { topic } = this.#consumer.subscription;
    const deliveries = batch.flatMap(({ event, key = "", tries }) =>
      event === undefined ? [] : [{ topic, key, event, attempt: tries + 1 }],
    );
    return deliver(this.#consumer, deliveries);
  }

  /** What cannot be put among the dead letters now keeps its place, and its key's. */
  async #writeDead(items: readonly Item[]): Promise<void> {
    const dead = items.filter((item) => item.state === "dead");
    if (dead.length === 0) return;
    const written = await this.#deadLetters(dead, this.#partition);
    if (written > 0) {
      const { topic, group } = this.#consumer.subscription;
      reportDead(this.#consumer, { topic, group, partition: this.#partition }, written);
    }
    for (const item of dead) if (item.state === "dead") item.dueAt = performance.now() + pauseAfterRefusalMs;
  }
}

/** When the work has ended or the signal is aborted, whichever comes first. */
async function ended(work: Promise<void>, signal: AbortSignal): Promise<void> {
  await Promise.race([work, untilAborted(signal)]);
}
