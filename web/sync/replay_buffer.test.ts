import { describe, expect, test } from "bun:test";
import { cursorAt, momentOf } from "./cursor.ts";
import { resyncMessage } from "./message.ts";
import { createReplayBuffer, defaultReplayLimits, overlapMs } from "./replay_buffer.ts";

const started = Date.parse("2026-01-31T08:00:00.000Z");

function filled(limits: Partial<typeof defaultReplayLimits> = {}) {
  const buffer = createReplayBuffer({ ...defaultReplayLimits, ...limits }, started);
  return {
    buffer,
    add: (workspaceId: string, id: string, atMs: number) => buffer.add(workspaceId, resyncMessage(id), id, atMs),
    since: (workspaceId: string, cursor: string, nowMs: number) =>
      buffer.since(workspaceId, cursor, nowMs)?.map(({ id }) => id),
  };
}

test("a cursor's moment survives its encoding; what is no UUIDv7 has none", () => {
  expect(momentOf(cursorAt(started))).toBe(started);
  expect(momentOf("00000000-0000-4000-8000-000000000000")).toBeUndefined();
  expect(momentOf("nonsense")).toBeUndefined();
});

describe("after a message that is still known", () => {
  test("comes exactly what arrived later in that workspace, whatever the order of the ids", () => {
    const { add, since } = filled();
    const [late, early] = [cursorAt(started + 9_000), cursorAt(started + 1_000)];
    add("w1", late, started + 9_000);
    add("w2", "other", started + 9_500);
    add("w1", early, started + 10_000);
    expect(since("w1", late, started + 10_000)).toEqual([early]);
    expect(since("w1", early, started + 10_000)).toEqual([]);
  });

  test("an id of another workspace is not a place in this one", () => {
    const { add, since } = filled();
    add("w2", "other", started);
    expect(since("w1", "other", started + 1)).toBeUndefined();
  });

  test("more than is worth sending one by one is a resync", () => {
    const { add, since } = filled({ burst: 2 });
    for (const id of ["a", "b", "c", "d"]) add("w1", id, started);
    expect(since("w1", "b", started)).toEqual(["c", "d"]);
    expect(since("w1", "a", started)).toBeUndefined();
  });
});

describe("after a moment, such as that of a page's rendering", () => {
  test("comes what arrived since, and a little from before, because replicas differ", () => {
    const { add, since } = filled();
    const moment = started + 60_000;
    add("w1", "long before", moment - overlapMs - 1);
    add("w1", "just before", moment - 1);
    add("w1", "after", moment + 1);
    expect(since("w1", cursorAt(moment), moment + 2)).toEqual(["just before", "after"]);
  });

  test("a moment before this process listened is a resync", () => {
    const { since } = filled();
    expect(since("w1", cursorAt(started - 1), started + 5_000)).toBeUndefined();
    expect(since("w1", cursorAt(started + 2_000), started + 5_000)).toEqual([]);
  });

  test("a moment in the future, from a wrong clock or made up, is a resync", () => {
    const { since } = filled();
    expect(since("w1", cursorAt(started + 60_000), started + 5_000)).toBeUndefined();
  });
});

describe("the buffer is bounded", () => {
  test("by count: what was pushed out is a resync, for its id and its moment", () => {
    const { add, since, buffer } = filled({ count: 2 });
    const ids = [1, 2, 3, 4].map((second) => cursorAt(started + second * 10_000));
    ids.forEach((id, index) => {
      add("w1", id, started + (index + 1) * 10_000);
    });
    expect(buffer.size).toBe(2);
    expect(since("w1", ids[1] ?? "", started + 40_000)).toBeUndefined();
    expect(since("w1", ids[2] ?? "", started + 40_000)).toEqual(ids.slice(3));
  });

  test("by age, even when nothing new arrives", () => {
    const { add, since, buffer } = filled({ ageMs: 1_000 });
    add("w1", "a", started);
    expect(since("w1", "a", started + 1_001)).toBeUndefined();
    expect(buffer.size).toBe(0);
  });
});

test("an event that the bus delivers twice is kept once", () => {
  const { add, buffer } = filled();
  expect(add("w1", "a", started)).toBe(true);
  expect(add("w1", "a", started + 1)).toBe(false);
  expect(buffer.size).toBe(1);
});
