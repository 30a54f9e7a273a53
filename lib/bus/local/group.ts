import type { Sql } from "@rondo/db";
import type { Topic } from "@rondo/event";
import type { Consumer } from "../deliver.ts";
import { countUnconsumed } from "./log_queries.ts";
import { PartitionReader } from "./partition_reader.ts";
import { type Listener, partitions } from "./watcher.ts";

/** The name that the working process of a group holds. */
export const holdNameOf = (topic: string, group: string): string => `bus ${topic} ${group}`;

/** One consumer group of one topic, in this process. It reads while it holds the group's name, each partition by itself. */
export class Group {
  readonly #sql: Sql;
  readonly #consumer: Consumer;
  readonly #readers: readonly PartitionReader[];

  constructor(sql: Sql, consumer: Consumer) {
    const { topic, group } = consumer.subscription;
    this.#sql = sql;
    this.#consumer = consumer;
    this.#readers = partitions.map((partition) => new PartitionReader(sql, { topic, group, partition }, consumer));
  }

  get topic(): Topic {
    return this.#consumer.subscription.topic;
  }

  get group(): string {
    return this.#consumer.subscription.group;
  }

  get name(): string {
    return holdNameOf(this.topic, this.group);
  }

  get listener(): Listener {
    return {
      topic: this.topic,
      published: (partition, rows) => this.#readers[partition]?.published(rows),
      parked: () => {
        for (const reader of this.#readers) reader.parkedChanged();
      },
    };
  }

  isFor(topic: string, group: string): boolean {
    return this.topic === topic && this.group === group;
  }

  async run(over: AbortSignal): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.run(over)));
  }

  /** How many events it has not settled yet. */
  readonly lag = (): Promise<number> => countUnconsumed(this.#sql, this.topic, this.group, partitions);
}
