import { expect, test } from "bun:test";
import { bySidecarsHash, partitionOfKey } from "./partition.ts";

/** What sarama 1.48.1's NewHashPartitioner answers for 3, 7 and 64 partitions. */
const theirs: readonly [key: string, of3: number, of7: number, of64: number][] = [
  ["", 0, 2, 59],
  ["a", 0, 6, 20],
  ["k1", 1, 5, 63],
  ["0198c0de-0000-7000-8000-000000000001", 0, 4, 35],
  ["0198c0de-0000-7000-8000-000000000002", 2, 2, 54],
  ["0198c0de-0000-7000-8000-000000000003", 1, 0, 9],
  ["0198c0de-0000-7000-8000-000000000004", 0, 5, 28],
  ["workspace", 1, 3, 54],
  ["žluťoučký kůň", 0, 6, 57],
];

test.each(theirs)("%j goes to the partition to which the sidecars send it", (key, of3, of7, of64) => {
  expect([3, 7, 64].map((count) => partitionOfKey(Buffer.from(key), count))).toEqual([of3, of7, of64]);
});

test("a record that says where it belongs goes there, one without a key always to the same", () => {
  const partitionMetadata = Array.from({ length: 3 }, (_, partitionId) => ({
    partitionId,
    partitionErrorCode: 0,
    leader: 1,
    replicas: [1],
    isr: [1],
  }));
  const partitionOf = (message: { key: string | null; partition?: number }) =>
    bySidecarsHash()({ topic: "t", partitionMetadata, message: { value: null, ...message } });
  expect(partitionOf({ key: "k1", partition: 2 })).toBe(2);
  expect(partitionOf({ key: "k1" })).toBe(1);
  expect(partitionOf({ key: null })).toBe(0);
});
