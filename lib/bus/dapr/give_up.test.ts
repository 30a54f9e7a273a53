import { expect, test } from "bun:test";
import { waitFor } from "@rondo/testing";
import { decodeDeadLetter } from "../dead_letter_record.ts";
import { eachInOrder } from "../each_in_order.ts";
import { done, type Handler, refused } from "../port.ts";
import {
  a,
  b,
  freshBuses,
  later,
  ok,
  openBus,
  policy,
  records,
  remembering,
  type Sent,
  scriptedSidecar,
  versionOf,
} from "./dapr.fixture.ts";

freshBuses();

/** Each event in a call of its own, with what follows of its key behind it when it fails. */
const eachAlone = (handle: Handler) => eachInOrder(async (delivery) => (await handle([delivery]))[0] ?? done);

/** The letters that a sidecar was given, as an operator reads them. */
const letters = (entries: Sent["entries"]) =>
  entries.map(({ event }) => decodeDeadLetter(new TextEncoder().encode(event)));

test("after its tries an event is a dead letter, to the byte, with group, reason, tries, times and place, and its key goes on", async () => {
  const { handle, of } = remembering((delivery) => (versionOf(delivery) === 1 ? later : done));
  const { sidecar, calls, to } = scriptedSidecar();
  const { bring, group, parked } = await openBus({ sidecar, subscription: { handle: eachAlone(handle) } });
  const [first, last] = records(a, 2);
  if (!first || !last) throw new Error("two records");
  const spaced = { ...first, text: first.text.replace(",", " ,\n ") };
  expect(await bring([spaced, last], { partition: 2 })).toEqual(ok(2));
  await waitFor(async () => (await parked()) === 0, { what: "the end of the tries" });
  expect(of(a)).toEqual([...Array.from({ length: policy.tries }, () => 1), 2]);
  expect(to("task-events-dead")[0]?.metadata.partitionKey).toBe(a);
  expect(calls[0]?.pubsub).toBe("events");
  const [letter] = letters(to("task-events-dead"));
  expect(letter).toMatchObject({ group, reason: "later", tries: policy.tries, partition: 2 });
  expect(Buffer.from(letter?.original ?? []).toString()).toBe(spaced.text);
  expect(Date.parse(letter?.last_failed_at ?? "")).toBeGreaterThan(Date.parse(letter?.first_failed_at ?? ""));
});

test("what is refused or cannot be read is a dead letter at once, and the handler is spared what it cannot read", async () => {
  const { seen, handle } = remembering(() => refused("no use"));
  const { sidecar, to } = scriptedSidecar();
  const { bring } = await openBus({ sidecar, subscription: { handle } });
  const junk = ["{", "\u0000", '{"id":7,"traceparent":{}}', "null"].map((text, index) => ({
    key: b,
    offset: 1 + index,
    text,
  }));
  expect(await bring([...records(a, 1), ...junk])).toEqual(ok(5));
  expect(seen).toHaveLength(1);
  expect(letters(to("task-events-dead")).map((letter) => [letter?.tries, letter?.reason.slice(0, 12)])).toEqual([
    [1, "no use"],
    [0, "this is no J"],
    [0, "this is no J"],
    [0, expect.any(String)],
    [0, expect.any(String)],
  ]);
});

test("while the log takes no dead letter, the event is parked with its key, and everything else goes on", async () => {
  let away = true;
  const { handle, of } = remembering((delivery) =>
    delivery.key === a && versionOf(delivery) === 1 ? refused("no") : done,
  );
  const { sidecar, to } = scriptedSidecar(() => (away ? new Response(null, { status: 500 }) : undefined));
  const { bring, parked } = await openBus({ sidecar, subscription: { handle: eachAlone(handle) } });
  expect(await bring([...records(a, 1), ...records(b, 2, 1)])).toEqual(ok(3));
  expect(await bring(records(a, 1, 3))).toEqual(ok(1));
  expect(await parked()).toBe(2);
  away = false;
  await waitFor(async () => (await parked()) === 0, { what: "the dead letter" });
  expect(to("task-events-dead").length).toBeGreaterThan(1);
  expect(of(b)).toEqual([1, 2]);
});

test("what nobody can read keeps its place in the log while the log takes no dead letter", async () => {
  let away = true;
  const { handle, of } = remembering();
  const { sidecar } = scriptedSidecar(() => (away ? new Response(null, { status: 500 }) : undefined));
  const { bring } = await openBus({ sidecar, subscription: { handle }, answerWithinMs: 100 });
  const those = [{ key: b, offset: 0, text: "{" }, ...records(a, 2, 1)];
  expect(await bring(those)).toEqual(["RETRY", "SUCCESS", "SUCCESS"]);
  away = false;
  await waitFor(async () => (await bring(those)).toString() === ok(3).toString(), { what: "the dead letter" });
  expect(of(a)).toEqual([1, 2]);
});

test("a replayed event is for the group that gave it up", async () => {
  const { seen, handle } = remembering();
  const { bring, group } = await openBus({ subscription: { handle } });
  const [first, second, third] = records(a, 3);
  if (!first || !second || !third) throw new Error("three records");
  const addressed = (record: typeof first, rondogroup: unknown) => ({
    ...record,
    text: JSON.stringify({ ...JSON.parse(record.text), rondogroup }),
  });
  expect(await bring([addressed(first, "other"), addressed(second, group), third])).toEqual(ok(3));
  expect(seen.map(versionOf)).toEqual([2, 3]);
});
