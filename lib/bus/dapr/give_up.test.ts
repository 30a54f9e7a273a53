import { expect, test } from "bun:test";
import { waitFor } from "@rondo/testing";
import { decodeDeadLetter } from "../dead_letter_record.ts";
import type { Delivery } from "../port.ts";
import { done } from "../port.ts";
import {
  a,
  b,
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

/** The letters that a sidecar was given, as an operator reads them. */
const letters = (entries: Sent["entries"]) =>
  entries.map(({ event }) => decodeDeadLetter(new TextEncoder().encode(event)));

test("a handler that fails as a whole is asked for each event alone before any can die", async () => {
  let whole = true;
  const { seen, handle } = remembering();
  const { sidecar, to } = scriptedSidecar();
  const throwing = async (deliveries: readonly Delivery[]) => {
    if (!whole) return await handle(deliveries);
    whole = false;
    throw new Error("broken");
  };
  const { bring } = await openBus({ sidecar, policy: { ...policy, tries: 1 }, subscription: { handle: throwing } });
  expect(await bring(records(a, 3))).toEqual(ok(3));
  expect(seen.map(versionOf)).toEqual([1, 2, 3]);
  expect(seen.map(({ attempt }) => attempt)).toEqual([2, 2, 2]);
  expect(to("task-events-dead")).toEqual([]);
});

test("after its tries an event is a dead letter, to the byte, with group, reason, tries, times and place, and its key goes on", async () => {
  const { handle, of } = remembering((delivery) => (versionOf(delivery) === 1 ? later : done));
  const { sidecar, calls, to } = scriptedSidecar();
  const { bring } = await openBus({ sidecar, subscription: { handle } });
  const [first, last] = records(a, 2);
  if (!first || !last) throw new Error("two records");
  const spaced = { ...first, text: first.text.replace(",", " ,\n ") };
  expect(await bring([spaced, last], { partition: 2 })).toEqual(ok(2));
  expect(of(a).filter((version) => version === 1)).toHaveLength(policy.tries);
  expect(to("task-events-dead")[0]?.metadata.partitionKey).toBe(a);
  expect(calls[0]?.pubsub).toBe("events");
  const [letter] = letters(to("task-events-dead"));
  expect(letter).toMatchObject({ group: "audit", reason: "later", tries: policy.tries, partition: 2 });
  expect(Buffer.from(letter?.original ?? []).toString()).toBe(spaced.text);
  expect(Date.parse(letter?.last_failed_at ?? "")).toBeGreaterThan(Date.parse(letter?.first_failed_at ?? ""));
});

test("what is dropped or cannot be read is a dead letter at once, and the handler is spared what it cannot read", async () => {
  const { seen, handle } = remembering(() => ({ result: "refused", reason: "no use" }));
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
    [0, "this is no J"],
    [0, "this is no J"],
    [0, expect.any(String)],
    [0, expect.any(String)],
    [1, "no use"],
  ]);
});

test("while the log takes no dead letter, the event and its key keep their place, and the others go on", async () => {
  let away = true;
  const { handle, of } = remembering((delivery) =>
    delivery.key === a && versionOf(delivery) === 1 ? { result: "refused", reason: "no" } : done,
  );
  const { sidecar, calls } = scriptedSidecar(() => (away ? new Response(null, { status: 500 }) : undefined));
  const { bring } = await openBus({ sidecar, subscription: { handle, batchSize: 1 }, answerWithinMs: 100 });
  const those = [...records(a, 2), ...records(b, 2, 2)];
  expect(await bring(those)).toEqual(["RETRY", "RETRY", "SUCCESS", "SUCCESS"]);
  expect(calls).toHaveLength(1);
  away = false;
  await waitFor(async () => (await bring(those)).toString() === ok(4).toString(), { what: "the dead letter" });
  expect(of(a)).toEqual([1, 2]);
});

test("a replayed event is for the group that gave it up", async () => {
  const { seen, handle } = remembering();
  const { bring } = await openBus({ subscription: { handle } });
  const [first, second, third] = records(a, 3);
  if (!first || !second || !third) throw new Error("three records");
  const addressed = (record: typeof first, rondogroup: unknown) => ({
    ...record,
    text: JSON.stringify({ ...JSON.parse(record.text), rondogroup }),
  });
  expect(await bring([addressed(first, "other"), addressed(second, "audit"), third])).toEqual(ok(3));
  expect(seen.map(versionOf)).toEqual([2, 3]);
});
