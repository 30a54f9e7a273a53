import { expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { laneOf } from "./lane.ts";

/** As sarama's NewHashPartitioner does it, written down once more. */
function kafkaPartitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  const signed = hash | 0;
  return (signed < 0 ? -(signed % partitions) : signed % partitions) || 0;
}

test.each([1, 2, 3, 4, 6, 12])("with %i partitions, all keys of a lane are in one of them", (partitions) => {
  const partitionsOf = new Map<number, Set<number>>();
  for (let count = 0; count < 2_000; count += 1) {
    const key = newId();
    const seen = partitionsOf.get(laneOf(key)) ?? new Set();
    partitionsOf.set(laneOf(key), seen.add(kafkaPartitionOf(key, partitions)));
  }
  expect(partitionsOf.size).toBe(12);
  for (const seen of partitionsOf.values()) expect(seen.size).toBe(1);
});

test.each([24, 60])("with %i partitions, no partition has keys of two lanes", (partitions) => {
  const lanesOf = new Map<number, Set<number>>();
  for (let count = 0; count < 5_000; count += 1) {
    const key = newId();
    const partition = kafkaPartitionOf(key, partitions);
    lanesOf.set(partition, (lanesOf.get(partition) ?? new Set()).add(laneOf(key)));
  }
  for (const seen of lanesOf.values()) expect(seen.size).toBe(1);
});
