import type { Sql } from "@rondo/db";
import type { Topic } from "@rondo/event";
import type { Log } from "@rondo/telemetry";
import { partitionsPerTopic } from "../partition.ts";
import { Doorbell } from "../wait.ts";
import { lastParkedId } from "./failure_queries.ts";
import { readHeads } from "./log_queries.ts";

/** What the watcher tells its listeners; calls must return at once. */
export interface Listener {
  readonly topic: Topic;
  /** The partition may have new events. */
  published(partition: number): void;
  /** Some group has newly parked events. */
  parked?(): void;
}

export const partitions: readonly number[] = Array.from({ length: partitionsPerTopic }, (_, partition) => partition);

/**
 * Notices what other processes published or replayed, by one small query every `pollMs` however many groups listen.
 * What this process published it is told at once.
 */
export class Watcher {
  readonly #listeners: Listener[] = [];
  readonly #heads = new Map<string, number>();
  readonly #bell = new Doorbell();
  #parkedId = 0;

  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** This process has just published. */
  published(topic: Topic, changed: ReadonlySet<number>): void {
    for (const listener of this.#listeners) {
      if (listener.topic === topic) for (const partition of changed) listener.published(partition);
    }
  }

  /** This process has just replayed: look now. */
  look(): void {
    this.#bell.ring();
  }

  async run(sql: Sql, pollMs: number, over: AbortSignal, log: Log): Promise<void> {
    const topics = [...new Set(this.#listeners.map((listener) => listener.topic))];
    let blind = false;
    while (!over.aborted && topics.length > 0) {
      try {
        await this.#poll(sql, topics);
        blind = false;
      } catch (error) {
        if (!blind) log.warn("the bus cannot see its log; trying again", { error });
        blind = true;
      }
      await this.#bell.wait(pollMs, over);
    }
  }

  async #poll(sql: Sql, topics: readonly Topic[]): Promise<void> {
    const [heads, parkedId] = await Promise.all([readHeads(sql, topics, partitions), lastParkedId(sql)]);
    for (const { topic, partition, head } of heads) {
      const place = `${topic} ${partition}`;
      if (this.#heads.get(place) !== head) this.published(topic, new Set([partition]));
      this.#heads.set(place, head);
    }
    if (parkedId !== this.#parkedId) for (const listener of this.#listeners) listener.parked?.();
    this.#parkedId = parkedId;
  }
}
