import { type PollPace, WakeUp } from "@rondo/coordination";
import type { Sql } from "@rondo/db";
import type { Topic } from "@rondo/event";
import type { Log } from "@rondo/telemetry";
import { lastParkedId } from "../parked/queries.ts";
import { partitionsPerTopic } from "../partition.ts";
import { readHeads } from "./log_queries.ts";
import type { HandedRow } from "./partition_log.ts";

/** What the watcher tells its listeners; calls must return at once. */
export interface Listener {
  readonly topic: Topic;
  /** The partition has new events: these, which this process published, or some that another one did. */
  published(partition: number, rows?: readonly HandedRow[]): void;
  /** Some group has newly parked events. */
  parked?(): void;
}

export const partitions: readonly number[] = Array.from({ length: partitionsPerTopic }, (_, partition) => partition);

/**
 * Notices what other processes published or replayed, by one small query each time however many groups listen.
 * What this process published it is told at once.
 */
export class Watcher {
  readonly #listeners: Listener[] = [];
  readonly #heads = new Map<string, number>();
  readonly #wakeUp = new WakeUp();
  #parkedId = 0;

  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** This process has just published these. */
  published(topic: string, partition: number, rows: readonly HandedRow[]): void {
    this.#heads.set(placeOf(topic, partition), rows.at(-1)?.id ?? 0);
    this.#tell(topic, partition, rows);
  }

  /** This process has just replayed: look now. */
  look(): void {
    this.#wakeUp.notify();
  }

  async run(sql: Sql, pace: PollPace, over: AbortSignal, log: Log): Promise<void> {
    const topics = [...new Set(this.#listeners.map((listener) => listener.topic))];
    let blind = false;
    while (!over.aborted && topics.length > 0) {
      try {
        if (await this.#poll(sql, topics)) pace.found(performance.now());
        blind = false;
      } catch (error) {
        if (!blind) log.warn("the bus cannot see its log; trying again", { error });
        blind = true;
      }
      await this.#wakeUp.wait(pace.pauseMs(performance.now()), over);
    }
  }

  /** Whether another process did something. */
  async #poll(sql: Sql, topics: readonly Topic[]): Promise<boolean> {
    const [heads, parkedId] = await Promise.all([readHeads(sql, topics), lastParkedId(sql)]);
    let found = parkedId !== this.#parkedId;
    for (const { topic, partition, head } of heads) {
      const place = placeOf(topic, partition);
      if ((this.#heads.get(place) ?? 0) >= head) continue;
      this.#heads.set(place, head);
      found = true;
      this.#tell(topic, partition);
    }
    if (parkedId !== this.#parkedId) for (const listener of this.#listeners) listener.parked?.();
    this.#parkedId = parkedId;
    return found;
  }

  #tell(topic: string, partition: number, rows?: readonly HandedRow[]): void {
    for (const listener of this.#listeners) if (listener.topic === topic) listener.published(partition, rows);
  }
}

function placeOf(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}
