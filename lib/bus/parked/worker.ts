import { pause, WakeUp } from "@rondo/coordination";
import type { Sql } from "@rondo/db";
import { eventTypes } from "@rondo/event";
import type { Consumer } from "../consumer.ts";
import { claimQueues, claimSetAside, selectNextDue } from "./queries.ts";
import { type KeepDeadLetter, tryQueue } from "./try_queue.ts";

export interface ParkedWorkerOptions {
  readonly sql: Sql;
  readonly consumer: Consumer;
  readonly keepDeadLetter: KeepDeadLetter;
  /** How often to look for what other processes parked or left behind. */
  readonly pollMs: number;
}

/** So many queues at the same time: a handler that hangs holds up its own queue, and not all the others. */
const sideBySide = 4;
/** While batches are consumed, one queue is begun in this time: a thousand keys that fail for ever must not slow down all others. */
const gapWhileBusyMs = 50;
const pauseAfterErrorMs = 300;

/**
 * Tries the parked events of one group. Any process of the group may: each takes queues that are due under a lease, so that a queue is
 * with one process at a time, and one that died gives its queues back.
 */
export class ParkedWorker {
  readonly #options: ParkedWorkerOptions;
  readonly #wakeUp = new WakeUp();
  readonly #busy = new Set<Promise<void>>();
  #begunAt = Number.NEGATIVE_INFINITY;

  constructor(options: ParkedWorkerOptions) {
    this.#options = options;
  }

  /** Something was parked, by this process or by another one. */
  ring(): void {
    this.#wakeUp.notify();
  }

  /** Works until the signal is aborted, and ends what it has begun. */
  async run(over: AbortSignal): Promise<void> {
    const { gate, log, subscription } = this.#options.consumer;
    while (!over.aborted) {
      try {
        await gate.untilBack(over);
        const sleepMs = over.aborted ? 0 : await this.#beginDue(over);
        await this.#wakeUp.wait(sleepMs, over);
      } catch (error) {
        const { topic, group } = subscription;
        if (!(await gate.isAway())) log.warn("trying parked events failed", { topic, group, error });
        await pause(pauseAfterErrorMs, over);
      }
    }
    await Promise.all(this.#busy);
  }

  /** Begins with the queues that are due. @returns how long there is nothing else to do */
  async #beginDue(over: AbortSignal): Promise<number> {
    const { sql, consumer, pollMs } = this.#options;
    const isBusy = consumer.load.isBusy();
    const restMs = isBusy ? this.#begunAt + gapWhileBusyMs - performance.now() : 0;
    if (restMs > 0) return restMs;
    const free = Math.min(isBusy ? 1 : sideBySide, sideBySide - this.#busy.size);
    if (free === 0) return pollMs;
    const { subscription, leaseMs } = consumer;
    const options = { claim: Bun.randomUUIDv7(), leaseMs, limit: free };
    const due = await claimQueues(sql, subscription, options);
    const known = subscription.reads === "envelope" ? undefined : eventTypes;
    const queues = due.length > 0 ? due : await claimSetAside(sql, subscription, known, options);
    for (const queue of queues) this.#begin(queue, options.claim, over);
    if (queues.length > 0) this.#begunAt = performance.now();
    if (queues.length > 0) return 0;
    return Math.max(1, Math.min(pollMs, (await selectNextDue(sql, subscription)) ?? pollMs));
  }

  #begin(queue: string, claim: string, over: AbortSignal): void {
    const { consumer } = this.#options;
    const { topic, group } = consumer.subscription;
    // Without an answer from the database the claim stays until its lease ends.
    const trying = tryQueue({ ...this.#options, queue, claim }, over).catch((error: unknown) => {
      if (!over.aborted) consumer.log.warn("trying parked events failed", { topic, group, error });
    });
    this.#busy.add(trying);
    trying.finally(() => {
      this.#busy.delete(trying);
      this.#wakeUp.notify();
    });
  }
}
