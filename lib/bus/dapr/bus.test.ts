import { expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { done } from "../port.ts";
import { createDaprBus } from "./bus.ts";
import {
  a,
  b,
  bulk,
  c,
  database,
  freshBuses,
  openBus,
  records,
  remembering,
  scriptedSidecar,
  topic,
} from "./dapr.fixture.ts";

freshBuses();

test("nothing is taken before start", async () => {
  const { seen, handle } = remembering();
  const { db } = database();
  const bus = createDaprBus({ sidecar: scriptedSidecar().sidecar, db, metrics: createMetrics() });
  bus.subscribe({ topic, group: "audit", types: ["*"], handle });
  const body = JSON.stringify(bulk(records(a, 1)));
  const answer = await bus.routes.request(`/events/${topic}`, { method: "POST", body });
  expect(await answer.json()).toEqual({ statuses: [{ entryId: "0", status: "RETRY" }] });
  expect(seen).toEqual([]);
});

test("nothing is taken after stop, and stop waits for the handler and for its answer", async () => {
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { seen, handle } = remembering(async () => {
    begun.resolve();
    await release.promise;
    return done;
  });
  const { bus, bring } = await openBus({ subscription: { handle, batchSize: 1 } });
  expect(bus.stopped()).toBe(false);
  const answer = bring(records(a, 2));
  await begun.promise;
  let stopped = false;
  const stopping = bus.stop().then(() => {
    stopped = true;
  });
  expect(bus.stopped()).toBe(true);
  expect(await bring(records(b, 1), { partition: 1 })).toEqual(["RETRY"]);
  expect(stopped).toBe(false);
  release.resolve();
  expect(await answer).toEqual(["SUCCESS", "RETRY"]);
  await stopping;
  expect(seen).toHaveLength(1);
});

test("what is for nobody here is no 404, which the sidecar takes for a yes", async () => {
  const { bus, bring } = await openBus({ subscription: { handle: remembering().handle } });
  expect(await bring(records(c, 1), { pubsub: "other" })).toBe(503);
  const odd = await bus.routes.request("/events/task-events", { method: "POST", body: "{" });
  expect(odd.status).toBe(400);
});

test("a component serves one group of a topic", async () => {
  const { handle } = remembering();
  const { bus } = await openBus({ subscription: { handle } });
  expect(() => bus.subscribe({ topic: "task-events", group: "other", types: ["*"], handle })).toThrow(
    "already has a handler",
  );
});

test("a subscription needs a database, where what fails is parked; publishing and hearing do not", () => {
  const bus = createDaprBus({ sidecar: scriptedSidecar().sidecar, metrics: createMetrics() });
  bus.broadcast({ topic, handle: () => undefined });
  const { handle } = remembering();
  expect(() => bus.subscribe({ topic, group: "audit", types: ["*"], handle })).toThrow("needs a database");
});
