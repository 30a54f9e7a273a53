import type { Sql } from "@rondo/db";
import type { Topic } from "@rondo/event";
import type { Consumer } from "../consumer.ts";
import { countParked } from "../parked/queries.ts";
import type { ParkedLetter } from "../parked/try_queue.ts";
import { ParkedWorker } from "../parked/worker.ts";
import type { DeadLetterWriter } from "./dead_letter_writer.ts";
import type { Entry } from "./envelope.ts";
import { PartitionConsumer } from "./partition_consumer.ts";

export interface DaprGroupOptions {
  /** The component whose consumer group it is. */
  readonly pubsub: string;
  readonly sql: Sql;
  readonly consumer: Consumer;
  readonly writeDeadLetters: DeadLetterWriter;
  readonly parkedPollMs: number;
}

/** One consumer group of one topic, in this process. */
export class DaprGroup {
  readonly pubsub: string;
  readonly #options: DaprGroupOptions;
  readonly #partitions = new Map<number, PartitionConsumer>();
  readonly #worker: ParkedWorker;
  #working: Promise<void> | undefined;

  constructor(options: DaprGroupOptions) {
    const { pubsub, sql, consumer, writeDeadLetters, parkedPollMs: pollMs } = options;
    this.pubsub = pubsub;
    this.#options = options;
    const keepDeadLetter = async (letter: ParkedLetter) => {
      const [written] = await writeDeadLetters([{ ...letter, original: new TextEncoder().encode(letter.event) }]);
      return written === true;
    };
    this.#worker = new ParkedWorker({ sql, consumer, keepDeadLetter, pollMs });
  }

  get topic(): Topic {
    return this.#options.consumer.subscription.topic;
  }

  get group(): string {
    return this.#options.consumer.subscription.group;
  }

  readonly parked = (): Promise<number> => countParked(this.#options.sql, this.topic, this.group);

  /** Tries what is parked until the signal is aborted. */
  start(closing: AbortSignal): void {
    this.#working = this.#worker.run(closing);
  }

  /** See `PartitionConsumer.take`. */
  async take(entries: readonly Entry[], over: AbortSignal, closing: AbortSignal): Promise<ReadonlySet<Entry>> {
    const shares = Map.groupBy(entries, (entry) => entry.partition);
    const settled = shares.entries().map(([partition, those]) => this.#of(partition).take(those, over, closing));
    return new Set((await Promise.all(settled)).flat());
  }

  async idle(): Promise<void> {
    await Promise.all([this.#working, ...this.#partitions.values().map((partition) => partition.idle())]);
  }

  #of(partition: number): PartitionConsumer {
    const known = this.#partitions.get(partition);
    if (known !== undefined) return known;
    const parked = () => this.#worker.ring();
    const made = new PartitionConsumer({ ...this.#options, partition, parked });
    this.#partitions.set(partition, made);
    return made;
  }
}
