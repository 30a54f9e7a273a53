import type { Admin } from "kafkajs";

/** What a partition holds: the offsets from `low` up to, and without, `high`. */
export interface Span {
  readonly topic: string;
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

/** Every partition of the topics, as it is now. A topic that does not exist has none. */
export async function spansOf(admin: Admin, topics: readonly string[]): Promise<Span[]> {
  const existing = new Set(await admin.listTopics());
  const spans: Span[] = [];
  for (const topic of topics.filter((name) => existing.has(name))) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      spans.push({ topic, partition, low: Number(low), high: Number(high) });
    }
  }
  return spans.sort((a, b) => topics.indexOf(a.topic) - topics.indexOf(b.topic) || a.partition - b.partition);
}
