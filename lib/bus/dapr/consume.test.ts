import { expect, test } from "bun:test";
import { waitFor } from "@rondo/testing";
import { eachInOrder } from "../each_in_order.ts";
import type { Delivery, Outcome } from "../port.ts";
import { done } from "../port.ts";
import { a, b, later, ok, openBus, policy, records, remembering, versionOf } from "./dapr.fixture.ts";

test("a batch is handed over in its order, in pieces of the size asked for", async () => {
  const { seen, batches, handle } = remembering();
  const { bring } = await openBus({ subscription: { handle, batchSize: 4 } });
  expect(await bring(records(a, 10))).toEqual(ok(10));
  expect(batches).toEqual([4, 4, 2]);
  expect(seen.map(versionOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(seen[0]).toMatchObject({ topic: "task-events", key: a, attempt: 1 });
});

test("what must be tried again is, within the call, and holds back its own key alone", async () => {
  const seen: Delivery[] = [];
  const handle = eachInOrder(async (delivery) => {
    seen.push(delivery);
    return delivery.key === a && versionOf(delivery) === 2 && delivery.attempt < 3 ? later : done;
  });
  const { bring } = await openBus({ subscription: { handle } });
  expect(await bring([...records(a, 4), ...records(b, 3, 4)])).toEqual(ok(7));
  const of = (key: string) => seen.filter((delivery) => delivery.key === key);
  expect(of(a).map(versionOf)).toEqual([1, 2, 2, 2, 3, 4]);
  expect(of(a).map(({ attempt }) => attempt)).toEqual([1, 1, 2, 3, 1, 1]);
  expect(of(b).map(versionOf)).toEqual([1, 2, 3]);
  expect(seen.slice(0, 5).map(({ key }) => key)).toEqual([a, a, b, b, b]);
});

test("a call is answered in time though the handler is not done; nothing is with the handler twice; its answer counts", async () => {
  const release = Promise.withResolvers<void>();
  const { seen, handle } = remembering(() => release.promise.then(() => done));
  const { bring } = await openBus({ subscription: { handle }, answerWithinMs: 30 });
  const those = records(a, 2);
  expect(await bring(those)).toEqual(["RETRY", "RETRY"]);
  expect(await bring(those)).toEqual(["RETRY", "RETRY"]);
  expect(seen).toHaveLength(2);
  release.resolve();
  await waitFor(async () => (await bring(those)).toString() === "SUCCESS,SUCCESS", { what: "the answer" });
  expect(seen).toHaveLength(2);
});

test("the tries go on where the last call ended", async () => {
  const { seen, handle } = remembering((delivery) => (delivery.attempt < 3 ? later : done));
  const { bring } = await openBus({
    subscription: { handle },
    answerWithinMs: 20,
    policy: { ...policy, firstPauseMs: 30, longestPauseMs: 30 },
  });
  const those = records(a, 1);
  await waitFor(async () => (await bring(those)).toString() === "SUCCESS", { what: "the third try" });
  expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
});

test("what was settled is not handed over again with the rest of its batch", async () => {
  const { seen, handle } = remembering((delivery) => (delivery.key === b && delivery.attempt === 1 ? later : done));
  const slow = { ...policy, firstPauseMs: 60, longestPauseMs: 60 };
  const { bring } = await openBus({ subscription: { handle }, answerWithinMs: 20, policy: slow });
  const those = [...records(a, 1), ...records(b, 1, 1)];
  expect(await bring(those)).toEqual(["SUCCESS", "RETRY"]);
  await waitFor(async () => (await bring(those)).toString() === "SUCCESS,SUCCESS", { what: "both" });
  expect(seen.map(({ key }) => key)).toEqual([a, b, b]);
});

test("a caller that went away leaves nothing to be begun: the records may be another process's by now", async () => {
  const caller = new AbortController();
  const begun = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { seen, handle } = remembering(async () => {
    begun.resolve();
    await release.promise;
    return done;
  });
  const { bring } = await openBus({ subscription: { handle, batchSize: 1 } });
  const those = records(a, 3);
  const answer = bring(those, { signal: caller.signal });
  await begun.promise;
  caller.abort();
  expect(await answer).toEqual(["RETRY", "RETRY", "RETRY"]);
  release.resolve();
  expect(await bring(records(b, 1), { partition: 1 })).toEqual(ok(1));
  expect(await bring(those.slice(0, 1))).toEqual(ok(1));
  expect(seen.map(({ key }) => key)).toEqual([a, b]);
});

test("another record at a known offset is another record", async () => {
  const { seen, handle } = remembering();
  const { bring } = await openBus({ subscription: { handle } });
  await bring(records(a, 1));
  await bring(records(a, 1));
  expect(seen).toHaveLength(2);
});

test("partitions do not wait for each other", async () => {
  const never = new Promise<Outcome>(() => undefined);
  const { seen, handle } = remembering((delivery) => (delivery.key === a ? never : done));
  const { bring } = await openBus({ subscription: { handle }, answerWithinMs: 200 });
  const stuck = bring(records(a, 1), { partition: 1 });
  expect(await bring(records(b, 2), { partition: 2 })).toEqual(ok(2));
  expect(await stuck).toEqual(["RETRY"]);
  expect(seen).toHaveLength(3);
});
