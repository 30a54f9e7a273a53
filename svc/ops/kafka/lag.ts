import type { Admin } from "kafkajs";
import type { PartitionLag } from "../engine/port.ts";
import { askCoordinator } from "./coordinator.ts";
import { type Span, spansOf } from "./spans.ts";

/** A group that never told where it is begins with the oldest event that is kept. */
export async function lagOf(admin: Admin, group: string, topics: readonly string[]): Promise<PartitionLag[]> {
  const spans = await spansOf(admin, topics);
  const known = [...new Set(spans.map(({ topic }) => topic))];
  if (known.length === 0) return [];
  const committed = new Map<string, number>();
  const offsets = await askCoordinator(() => admin.fetchOffsets({ groupId: group, topics: known }));
  for (const { topic, partitions } of offsets) {
    for (const { partition, offset } of partitions) committed.set(`${topic}:${partition}`, Number(offset));
  }
  return spans.map((span) => lagIn(span, group, committed.get(`${span.topic}:${span.partition}`) ?? -1));
}

function lagIn({ topic, partition, low, high }: Span, group: string, offset: number): PartitionLag {
  const told = offset >= 0;
  const from = told ? Math.max(offset, low) : low;
  return { group, topic, partition, committed: told ? offset : null, end: high, lag: Math.max(0, high - from) };
}

/** The topics for which the group has told where it is. */
export async function topicsOfGroup(admin: Admin, group: string): Promise<string[]> {
  const offsets = await askCoordinator(() => admin.fetchOffsets({ groupId: group }));
  return offsets
    .filter(({ partitions }) => partitions.some(({ offset }) => Number(offset) >= 0))
    .map(({ topic }) => topic)
    .sort();
}
