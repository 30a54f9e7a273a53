import { expect, test } from "bun:test";
import { partitionOf, partitionsPerTopic } from "./partition.ts";
import { defaultPolicy, pauseAfter } from "./policy.ts";

test("the pause doubles with each try, up to the longest", () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 100].map((tries) => pauseAfter(tries, defaultPolicy));
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
});

test("by default an event is tried for longer than a consumer takes to restart", () => {
  const pauses = Array.from({ length: defaultPolicy.tries - 1 }, (_, index) => pauseAfter(index + 1, defaultPolicy));
  expect(pauses.reduce((sum, pause) => sum + pause)).toBeGreaterThan(30_000);
});

test("a key always has the same partition, and keys spread over all of them", () => {
  expect(["", "a", "foobar"].map(partitionOf)).toEqual([0x811c9dc5 % 3, 0xe40c292c % 3, 0xbf9cf968 % 3]);
  const counts = Array.from({ length: partitionsPerTopic }, () => 0);
  for (let count = 0; count < 3_000; count += 1) {
    const partition = partitionOf(Bun.randomUUIDv7());
    counts[partition] = (counts[partition] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(800);
});
