import { expect, test } from "bun:test";
import { taskEvent } from "@rondo/event/testing";
import { SidecarAway } from "@rondo/sidecar";
import { a, b, eventsOf, freshBuses, openBus, type Sent, scriptedSidecar, topic } from "./dapr.fixture.ts";

freshBuses();

const failing = (sent: Sent, ids: readonly string[]) =>
  Response.json(
    { errorCode: "ERR_PUBSUB_PUBLISH_MESSAGE", failedEntries: ids.map((entryId) => ({ entryId, error: sent.topic })) },
    { status: 500 },
  );

/** A bus that has just published something, so that the engine is known to take events. */
async function openClear(answer?: (sent: Sent) => Response | undefined) {
  let isClear = false;
  const { sidecar, calls } = scriptedSidecar((sent) => (isClear ? answer?.(sent) : undefined));
  const { bus } = await openBus({ sidecar });
  await bus.publish(topic, [...eventsOf(a, 1), ...eventsOf(b, 1)]);
  isClear = true;
  calls.length = 0;
  return { bus, calls };
}

test("while it is not known whether the engine takes events, one of each key goes ahead, and the others follow when those were taken", async () => {
  const { sidecar, calls } = scriptedSidecar((sent) => (calls.length === 1 ? failing(sent, ["1"]) : undefined));
  const { bus } = await openBus({ sidecar });
  const [ofA, ofB] = [eventsOf(a, 3), eventsOf(b, 2)];
  const outcomes = await bus.publish(topic, [...ofA, ...ofB]);
  expect(outcomes).toEqual(["acknowledged", "unknown", "unknown", "unknown", "unknown"]);
  expect(calls.map(({ entries }) => entries.length)).toEqual([2]);
  await bus.publish(topic, [...ofA.slice(1), ...ofB]);
  expect(calls.slice(1).map(({ entries }) => entries.map(({ event }) => JSON.parse(event).id))).toEqual([
    [ofA[1]?.id, ofB[0]?.id],
    [ofA[2]?.id, ofB[1]?.id],
  ]);
  await bus.publish(topic, [...ofA, ...ofB]);
  expect(calls.map(({ entries }) => entries.length)).toEqual([2, 2, 2, 5]);
});

test("events go out in one call, as they are, each with its key and a name of its own", async () => {
  const { bus, calls } = await openClear();
  const events = [...eventsOf(a, 2), ...eventsOf(b, 1)];
  expect(await bus.publish(topic, events)).toEqual(["acknowledged", "acknowledged", "acknowledged"]);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ pubsub: "events", topic });
  expect(calls[0]?.entries.map(({ event }) => event)).toEqual(events.map((event) => JSON.stringify(event)));
  expect(calls[0]?.entries.map(({ metadata }) => metadata.partitionKey)).toEqual([a, a, b]);
  expect(new Set(calls[0]?.entries.map(({ entryId }) => entryId)).size).toBe(3);
  expect(calls[0]?.entries[0]?.metadata["content-type"]).toBe("application/cloudevents+json; charset=utf-8");
});

test("what failed is unknown, and so is what came behind it under the same key: sent again, it keeps its order", async () => {
  const { bus } = await openClear((sent) => failing(sent, ["1"]));
  const [a1, a2, a3] = eventsOf(a, 3);
  const [b1] = eventsOf(b, 1);
  if (!a1 || !a2 || !a3 || !b1) throw new Error("four events");
  expect(await bus.publish(topic, [a1, a2, b1, a3])).toEqual(["acknowledged", "unknown", "acknowledged", "unknown"]);
});

test.each([
  ["names nobody", () => Response.json({ failedEntries: [] }, { status: 500 })],
  ["names strangers", (sent: Sent) => failing(sent, ["9"])],
  ["names nothing known", () => Response.json({ failedEntries: [{}] }, { status: 500 })],
  ["cannot be read", () => new Response("oh", { status: 502 })],
  ["is a refusal", () => Response.json({ errorCode: "ERR_PUBSUB_FORBIDDEN" }, { status: 403 })],
  ["does not come", () => Promise.reject(new SidecarAway("away"))],
])("when the answer %s everything is unknown, and nothing is thrown", async (_, answer) => {
  const { bus } = await openBus({ sidecar: scriptedSidecar(answer).sidecar });
  expect(await bus.publish(topic, eventsOf(a, 2))).toEqual(["unknown", "unknown"]);
});

test("what is too large or breaks its contract is refused before it is sent, and the others have their own outcome", async () => {
  const { bus, calls } = await openClear((sent) => failing(sent, ["1"]));
  const [first, last] = eventsOf(a, 2);
  if (!first || !last) throw new Error("two events");
  const changes: Record<string, [unknown, unknown]> = { notes: ["", "x".repeat(1_000_000)] };
  const huge = taskEvent("task.updated.v1", { changes });
  const outcomes = await bus.publish(topic, [{ ...first, time: "yesterday" }, first, huge, last]);
  expect(outcomes).toEqual(["refused", "acknowledged", "refused", "unknown"]);
  expect(calls[0]?.entries).toHaveLength(2);
});

test("nothing is not sent", async () => {
  const { sidecar, calls } = scriptedSidecar();
  const { bus } = await openBus({ sidecar });
  expect(await bus.publish(topic, [])).toEqual([]);
  expect(calls).toEqual([]);
});

test("a call carries a megabyte and 500 events at most, and after a failure the rest is not sent", async () => {
  const changes: Record<string, [unknown, unknown]> = { notes: ["", "x".repeat(400_000)] };
  const events = Array.from({ length: 5 }, () => taskEvent("task.updated.v1", { changes }));
  const { sidecar, calls } = scriptedSidecar((sent) => (calls.length === 2 ? failing(sent, ["0"]) : undefined));
  const { bus } = await openBus({ sidecar });
  expect(await bus.publish(topic, events)).toEqual([
    "acknowledged",
    "acknowledged",
    "unknown",
    "acknowledged",
    "unknown",
  ]);
  expect(calls.map(({ entries }) => entries.length)).toEqual([2, 2]);
  const many = await openClear();
  await many.bus.publish(topic, eventsOf(a, 1_001));
  expect(many.calls.map(({ entries }) => entries.length)).toEqual([500, 500, 1]);
});
