import { replayGroupAttribute } from "@rondo/bus/dead_letter_record";
import type { Message, Producer } from "kafkajs";
import type { OpenKafka } from "./connect.ts";
import { type Kept, type KeptLetter, settledHeader } from "./dead_letters.ts";
import { eventIn } from "./event_in.ts";
import { bySidecarsHash } from "./partition.ts";

/** Kafka takes 1 MiB for all that one call brings to a partition. */
const callBytes = 500_000;

/** What nobody could ever read stays where it is: it can be looked at and dropped. */
export function isReplayable({ cut, original }: KeptLetter): boolean {
  return !cut && eventIn(original) !== undefined;
}

/**
 * Publishes the originals again, each on its topic and partition, for the group that gave it up (for every group when
 * that is not known), and settles what was taken. At least once: whoever ends this in the middle may have replayed some that
 * are still listed. Answers how many were replayed.
 */
export async function replayLetters(open: OpenKafka, kept: Kept, letters: readonly KeptLetter[]): Promise<number> {
  const replayable = letters.filter(isReplayable);
  await producing(open, async (producer) => {
    for (const [topic, ofTopic] of byTopic(replayable)) {
      for (const call of calls(ofTopic)) {
        await producer.send({ topic, acks: -1, messages: call.map(messageOf) });
        await settle(producer, call, "replayed");
      }
    }
  });
  await trim(open, kept, replayable);
  return replayable.length;
}

/** Answers how many were dropped. */
export async function dropLetters(open: OpenKafka, kept: Kept, letters: readonly KeptLetter[]): Promise<number> {
  await producing(open, async (producer) => {
    for (const call of calls(letters)) await settle(producer, call, "dropped");
  });
  await trim(open, kept, letters);
  return letters.length;
}

function messageOf({ key, group, original }: KeptLetter): Message {
  if (group === undefined) return { key, value: Buffer.from(original) };
  return { key, value: JSON.stringify({ ...eventIn(original), [replayGroupAttribute]: group }) };
}

async function settle(producer: Producer, letters: readonly KeptLetter[], how: string): Promise<void> {
  const at = new Date().toISOString();
  const topics = Map.groupBy(letters, ({ place }) => place.topic);
  const topicMessages = [...topics].map(([topic, ofTopic]) => ({
    topic,
    messages: ofTopic.map(({ key, place: { partition, offset } }) => ({
      key,
      partition,
      value: JSON.stringify({ [how]: `${partition}:${offset}`, at }),
      headers: { [settledHeader]: `${partition}:${offset}` },
    })),
  }));
  await producer.sendBatch({ acks: -1, topicMessages });
}

/** Lets Kafka forget what lies before the first unsettled one of each partition. */
async function trim({ admin }: OpenKafka, { spans, places }: Kept, settled: readonly KeptLetter[]): Promise<void> {
  const gone = new Set(settled.map(({ id }) => id));
  const left = [...places].flatMap(([id, place]) => (gone.has(id) ? [] : [place]));
  for (const [topic, ofTopic] of Map.groupBy(spans, (span) => span.topic)) {
    const partitions = ofTopic.flatMap(({ partition, low, high }) => {
      const inPartition = left.filter((place) => place.topic === topic && place.partition === partition);
      const first = inPartition.reduce((least, { offset }) => Math.min(least, offset), high);
      return first > low ? [{ partition, offset: String(first) }] : [];
    });
    // Only tidying: where the brokers do not allow it, what settles a dead letter is enough.
    if (partitions.length > 0) await admin.deleteTopicRecords({ topic, partitions }).catch(() => undefined);
  }
}

async function producing({ kafka }: OpenKafka, work: (producer: Producer) => Promise<void>): Promise<void> {
  const producer = kafka.producer({ createPartitioner: bySidecarsHash, allowAutoTopicCreation: false });
  await producer.connect();
  try {
    await work(producer);
  } finally {
    await producer.disconnect();
  }
}

function byTopic(letters: readonly KeptLetter[]): Map<string, KeptLetter[]> {
  return Map.groupBy(letters, ({ topic }) => topic);
}

/** In the order of the letters, as many as go into one call. */
function* calls(letters: readonly KeptLetter[]): Generator<readonly KeptLetter[]> {
  let call: KeptLetter[] = [];
  let bytes = 0;
  for (const letter of letters) {
    const size = letter.original.length + 500;
    if (call.length > 0 && bytes + size > callBytes) {
      yield call;
      [call, bytes] = [[], 0];
    }
    call.push(letter);
    bytes += size;
  }
  if (call.length > 0) yield call;
}
