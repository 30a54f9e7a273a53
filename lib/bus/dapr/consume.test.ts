import { expect, test } from "bun:test";
import { newId, waitFor } from "@rondo/testing";
import { eachInOrder } from "../each_in_order.ts";
import type { Delivery, Outcome } from "../port.ts";
import { done } from "../port.ts";
import { a, b, freshBuses, later, ok, openBus, policy, records, remembering, versionOf } from "./dapr.fixture.ts";

freshBuses();

test("a batch is handed over in its order, in pieces of the size asked for", async () => {
  const { seen, batches, handle } = remembering();
  const { bring } = await openBus({ subscription: { handle, batchSize: 4 } });
  expect(await bring(records(a, 10))).toEqual(ok(10));
  expect(batches).toEqual([4, 4, 2]);
  expect(seen.map(versionOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(seen[0]).toMatchObject({ topic: "task-events", key: a, attempt: 1 });
});

test("a call ends when each event was tried once: what failed is parked with what follows of its key, and tried in order", async () => {
  const seen: Delivery[] = [];
  const handle = eachInOrder(async (delivery) => {
    seen.push(delivery);
    return delivery.key === a && versionOf(delivery) === 2 && delivery.attempt < 3 ? later : done;
  });
  const { bring, parked } = await openBus({ subscription: { handle } });
  expect(await bring([...records(a, 4), ...records(b, 3, 4)])).toEqual(ok(7));
  const of = (key: string) => seen.filter((delivery) => delivery.key === key);
  expect(of(b).map(versionOf)).toEqual([1, 2, 3]);
  await waitFor(async () => (await parked()) === 0, { what: "the parked events" });
  expect(of(a).map(versionOf)).toEqual([1, 2, 2, 2, 3, 4]);
  expect(of(a).map(({ attempt }) => attempt)).toEqual([1, 1, 2, 3, 1, 1]);
});

test("what comes in a later call waits behind the parked events of its key, whichever process parked them", async () => {
  const never = { ...policy, firstPauseMs: 600_000, longestPauseMs: 600_000 };
  const { seen, handle } = remembering((delivery) => (delivery.key === a ? later : done));
  const group = newId();
  const first = await openBus({ subscription: { handle, group, policy: never } });
  expect(await first.bring(records(a, 1))).toEqual(ok(1));
  const second = await openBus({ subscription: { handle, group, policy: never } });
  expect(await second.bring([...records(a, 2, 1), ...records(b, 1, 3)])).toEqual(ok(3));
  expect(seen.map(({ key }) => key)).toEqual([a, b]);
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

test("what was settled is not handed over again with the rest of its batch", async () => {
  const release = Promise.withResolvers<void>();
  const { seen, handle } = remembering((delivery) => (delivery.key === b ? release.promise.then(() => done) : done));
  const { bring } = await openBus({ subscription: { handle, batchSize: 1 }, answerWithinMs: 300 });
  const those = [...records(a, 1), ...records(b, 1, 1)];
  expect(await bring(those)).toEqual(["SUCCESS", "RETRY"]);
  release.resolve();
  expect(await bring(those)).toEqual(["SUCCESS", "SUCCESS"]);
  expect(seen.map(({ key }) => key)).toEqual([a, b]);
});

test("while something is away the calls are held, and answered at once when it is back", async () => {
  let away = true;
  const probe = async () => {
    if (away) throw new Error("away");
  };
  const { seen, handle } = remembering(() => (away ? later : done));
  const { bring, parked } = await openBus({ subscription: { handle, probe }, answerWithinMs: 200 });
  const those = records(a, 2);
  expect(await bring(those)).toEqual(["RETRY", "RETRY"]);
  const answer = bring(those);
  away = false;
  expect(await answer).toEqual(ok(2));
  expect(await parked()).toBe(0);
  expect(seen.every(({ attempt }) => attempt === 1)).toBe(true);
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
