import { expect, test } from "bun:test";
import { taskEvent } from "@rondo/event/testing";
import { eachInOrder, reasonOf } from "./each_in_order.ts";
import type { Delivery } from "./port.ts";
import { done, failed, refused } from "./port.ts";

function delivery(key: string): Delivery {
  return { topic: "task-events", key, event: taskEvent("task.updated.v1"), attempt: 1 };
}

test("each event is handled by itself, one after the other, and has its own outcome", async () => {
  let busy = 0;
  const handle = eachInOrder(async ({ key }) => {
    busy += 1;
    expect(busy).toBe(1);
    await Promise.resolve();
    busy -= 1;
    return key === "b" ? refused("no use") : done;
  });
  expect(await handle([delivery("a"), delivery("b"), delivery("c")])).toEqual([done, refused("no use"), done]);
});

test("after one that must be tried again the later ones of its key wait, and those of other keys do not", async () => {
  const handled: string[] = [];
  const handle = eachInOrder(async ({ key }) => {
    handled.push(key);
    return key === "a" ? failed("not yet") : done;
  });
  const outcomes = await handle([delivery("a"), delivery("b"), delivery("a"), delivery("c")]);
  expect(outcomes.map(({ result }) => result)).toEqual(["failed", "done", "failed", "done"]);
  expect(handled).toEqual(["a", "b", "c"]);
});

test("a throw is one event's failure, with its reason", async () => {
  const handle = eachInOrder(async ({ key }) => {
    if (key === "a") throw new TypeError("broken");
    return done;
  });
  expect(await handle([delivery("a"), delivery("b")])).toEqual([failed("TypeError: broken"), done]);
});

test("a reason can be stored whatever the error says: cut within a surrogate pair, with half of one, with U+0000", () => {
  for (const message of [`${"x".repeat(492)}🐎`, "\ud83d alone", "NUL \0"]) {
    const reason = reasonOf(new Error(message));
    expect(reason.isWellFormed()).toBe(true);
    expect(reason).not.toContain("\0");
    expect(reason.length).toBeLessThanOrEqual(500);
  }
});
