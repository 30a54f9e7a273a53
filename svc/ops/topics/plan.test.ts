import { describe, expect, test } from "bun:test";
import { topics } from "@rondo/event";
import { type ActualTopic, configOf, judge, ownTopics, type WantedTopic, wantedTopics } from "./plan.ts";

const wanted: WantedTopic = { name: "task-events", partitions: 3, retentionMs: 1_000 };
const good: ActualTopic = {
  name: "task-events",
  partitions: 3,
  replication: 1,
  leaderless: 0,
  behind: 0,
  config: new Map(Object.entries({ ...configOf(wanted), "max.message.bytes": "1048588" })),
};
const withConfig = (name: string, value: string): ActualTopic => ({
  ...good,
  config: new Map([...good.config, [name, value]]),
});

test("every topic with events is looked after, and has its dead letters, which are kept for longer", () => {
  for (const topic of topics) expect(ownTopics).toContain(topic);
  expect(wantedTopics.map(({ name }) => name)).toContain("task-events-dead");
  expect(wantedTopics).toHaveLength(2 * ownTopics.length);
  for (const { name, retentionMs } of wantedTopics)
    expect(retentionMs / 86_400_000).toBe(name.endsWith("-dead") ? 30 : 7);
});

test("a topic as it should be, or better, is fine", () => {
  for (const topic of [good, withConfig("retention.ms", "-1"), withConfig("retention.ms", "2000")])
    expect(judge(wanted, topic)).toEqual({ topic: "task-events", state: "ok", differences: [] });
  expect(judge(wanted, { ...good, replication: 2 }, 2).state).toBe("ok");
});

test("one that is not there is missing", () => expect(judge(wanted, undefined).state).toBe("missing"));

describe("what differs is said", () => {
  test.each([
    ["too few partitions", { ...good, partitions: 1 }, "it has 1 partition instead of 3"],
    ["too many partitions", { ...good, partitions: 6 }, "it has 6 partitions instead of 3"],
    ["another replication factor", good, "its replication factor is 1 instead of 3"],
    ["too short a retention", withConfig("retention.ms", "999"), "retention.ms is 999, less than 1000"],
    ["compaction", withConfig("cleanup.policy", "compact"), "cleanup.policy is compact instead of delete"],
    ["too small records", withConfig("max.message.bytes", "65536"), "max.message.bytes is 65536, less than 1048576"],
  ])("%s", (what, actual, reason) => {
    const verdict = judge(wanted, actual, what.includes("replication") ? 3 : undefined);
    expect(verdict).toMatchObject({ state: "differs", differences: [expect.stringContaining(reason)] });
  });
});
