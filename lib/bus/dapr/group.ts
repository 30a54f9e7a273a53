import type { Topic } from "@rondo/event";
import type { Consumer } from "../deliver.ts";
import type { DeadLetterWriter } from "./dead_letter_writer.ts";
import type { Entry } from "./envelope.ts";
import { PartitionConsumer } from "./partition_consumer.ts";

/** One consumer group of one topic, in this process. */
export class DaprGroup {
  readonly pubsub: string;
  readonly #consumer: Consumer;
  readonly #deadLetters: DeadLetterWriter;
  readonly #partitions = new Map<number, PartitionConsumer>();

  constructor(pubsub: string, consumer: Consumer, deadLetters: DeadLetterWriter) {
    this.pubsub = pubsub;
    this.#consumer = consumer;
    this.#deadLetters = deadLetters;
  }

  get topic(): Topic {
    return this.#consumer.subscription.topic;
  }

  /** See `PartitionConsumer.take`. */
  async take(entries: readonly Entry[], over: AbortSignal, closing: AbortSignal): Promise<ReadonlySet<Entry>> {
    const shares = Map.groupBy(entries, (entry) => entry.partition);
    const settled = shares.entries().map(([partition, those]) => this.#of(partition).take(those, over, closing));
    return new Set((await Promise.all(settled)).flat());
  }

  async idle(): Promise<void> {
    await Promise.all(this.#partitions.values().map((partition) => partition.idle()));
  }

  #of(partition: number): PartitionConsumer {
    const known = this.#partitions.get(partition);
    if (known !== undefined) return known;
    const made = new PartitionConsumer(this.#consumer, partition, this.#deadLetters);
    this.#partitions.set(partition, made);
    return made;
  }
}
