import type { Database } from "@rondo/db";
import type { Topic } from "@rondo/event";
import type { Consumer } from "../consumer.ts";
import { countParked } from "../parked/queries.ts";
import type { ParkedLetter } from "../parked/try_queue.ts";
import { ParkedWorker } from "../parked/worker.ts";
import { behindMs } from "./behind.ts";
import { insertDeadLetter } from "./dead_letter_queries.ts";
import { moveOldParked } from "./old_parked.ts";
import { readPositions } from "./operator_queries.ts";
import { PartitionReader } from "./partition_reader.ts";
import { type Listener, partitions } from "./watcher.ts";

/** The name that the working process of a group holds. */
export const holdNameOf = (topic: string, group: string): string => `bus ${topic} ${group}`;

const longestSleepMs = 60_000;

/** One consumer group of one topic, in this process. It reads while it holds the group's name, each partition by itself. */
export class Group {
  readonly #db: Database;
  readonly #consumer: Consumer;
  readonly #readers: readonly PartitionReader[];
  readonly #worker: ParkedWorker;

  constructor(db: Database, consumer: Consumer) {
    const { topic, group } = consumer.subscription;
    const { sql } = db;
    this.#db = db;
    this.#consumer = consumer;
    const keepDeadLetter = async (letter: ParkedLetter) => {
      await insertDeadLetter(sql, { topic, group }, letter);
      return true;
    };
    this.#worker = new ParkedWorker({ sql, consumer, keepDeadLetter, pollMs: longestSleepMs });
    const parked = () => this.#worker.ring();
    this.#readers = partitions.map(
      (partition) => new PartitionReader({ sql, assignment: { topic, group, partition }, consumer, parked }),
    );
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
      parked: () => this.#worker.ring(),
    };
  }

  isFor(topic: string, group: string): boolean {
    return this.topic === topic && this.group === group;
  }

  readonly lag = async (): Promise<number> => {
    const positions = await readPositions(this.#db.sql, [this]);
    return positions.reduce((sum, { lag }) => sum + lag, 0);
  };

  readonly behindMs = async (): Promise<number> => behindMs(await readPositions(this.#db.sql, [this]), Date.now());

  readonly parked = (): Promise<number> => countParked(this.#db.sql, this.topic, this.group);

  async run(over: AbortSignal): Promise<void> {
    await moveOldParked(this.#db, this);
    await Promise.all([this.#worker.run(over), ...this.#readers.map((reader) => reader.run(over))]);
  }
}
