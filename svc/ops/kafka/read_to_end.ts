import type { EachBatchPayload } from "kafkajs";
import type { OpenKafka } from "./connect.ts";
import { KafkaAway, reasonOf } from "./connect.ts";
import { type Span, spansOf } from "./spans.ts";

/** One record of a topic. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly header: (name: string) => string | undefined;
}

export interface ReadOptions {
  /** 60,000. */
  readonly deadlineMs?: number;
}

/** The names of the groups that only read; one that outlives its reader (`kill -9`) holds nothing, and Kafka forgets it. */
export const readerPrefix = "rondo-ops-reader-";

/**
 * Reads everything that the topics hold now, partition by partition in its order, and answers what that was. It commits
 * nothing; the group that kafkajs needs for reading is gone afterwards.
 * @throws KafkaAway when it does not come to the end in time.
 */
export async function readToEnd(
  { kafka, admin }: OpenKafka,
  topics: readonly string[],
  onRecord: (record: LogRecord) => void,
  { deadlineMs = 60_000 }: ReadOptions = {},
): Promise<readonly Span[]> {
  const spans = await spansOf(admin, topics);
  const open = new Map(spans.filter(({ low, high }) => low < high).map((span) => [nameOf(span), span]));
  if (open.size === 0) return spans;

  const groupId = `${readerPrefix}${crypto.randomUUID()}`;
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 100 });
  const end = Promise.withResolvers<void>();
  // It may fail before it is waited for.
  end.promise.catch(() => undefined);
  const timer = setTimeout(() => end.reject(new Error(`not at the end after ${deadlineMs} ms`)), deadlineMs);
  consumer.on("consumer.crash", ({ payload }) => end.reject(payload.error));
  const eachBatch = async ({ batch }: EachBatchPayload): Promise<void> => {
    const span = open.get(nameOf(batch));
    if (span === undefined) return;
    for (const message of batch.messages) {
      const offset = Number(message.offset);
      if (offset >= span.high) break;
      onRecord({
        topic: batch.topic,
        partition: batch.partition,
        offset,
        timestamp: Number(message.timestamp),
        key: message.key,
        value: message.value,
        header: (name) => message.headers?.[name]?.toString(),
      });
    }
    if (Number(batch.lastOffset()) >= span.high - 1) open.delete(nameOf(batch));
    if (open.size === 0) end.resolve();
  };
  try {
    await consumer.connect();
    await consumer.subscribe({
      topics: [...new Set([...open.values()].map(({ topic }) => topic))],
      fromBeginning: true,
    });
    await consumer.run({ autoCommit: false, eachBatch });
    await end.promise;
  } catch (error) {
    throw new KafkaAway(`${topics.join(", ")} could not be read: ${reasonOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
  }
  return spans;
}

function nameOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}:${partition}`;
}
