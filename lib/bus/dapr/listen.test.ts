import { expect, test } from "bun:test";
import type { CloudEvent } from "@rondo/event";
import { createMetrics } from "@rondo/telemetry";
import { waitFor } from "@rondo/testing";
import { createDaprBus } from "./bus.ts";
import { a, bulk, records, scriptedSidecar, topic } from "./dapr.fixture.ts";

/** A process that listens, and the log that it listens to; `heard` says which marks find their way back. */
async function listening(returns: (partition: number) => boolean = () => true) {
  const seen: CloudEvent[] = [];
  let offset = 0;
  const bring = async (text: string, partition: number) => {
    const body = JSON.stringify(bulk([{ key: a, offset: offset++, text }], partition, "broadcast"));
    return await (await bus.routes.request(`/events/${topic}`, { method: "POST", body })).json();
  };
  const { sidecar, to } = scriptedSidecar(({ entries }) => {
    for (const { event, metadata } of entries) {
      const partition = Number(metadata.partitionNumber);
      if (returns(partition)) bring(event, partition);
    }
    return undefined;
  });
  const bus = createDaprBus({ sidecar, metrics: createMetrics(), startWithinMs: 50 });
  bus.broadcast({
    topic,
    handle: () => {
      throw new Error("a careless handler");
    },
  });
  bus.broadcast({ topic, handle: (event) => void seen.push(event) });
  return { bus, seen, bring, marks: () => to(topic) };
}

const [first, second] = records(a, 2);
const [early, late] = [first?.text ?? "", second?.text ?? ""];

test("what lies before the process's own mark is not heard, what comes behind it is, whatever a handler throws", async () => {
  const { bus, seen, bring, marks } = await listening();
  expect(await bring(early, 0)).toEqual({ statuses: [{ entryId: "0", status: "SUCCESS" }] });
  await bus.start();
  await waitFor(() => marks().length >= 3, { what: "the marks" });
  expect(marks().map(({ metadata }) => metadata.partitionNumber)).toEqual(["0", "1", "2"]);
  expect(await bring(late, 0)).toEqual({ statuses: [{ entryId: "0", status: "SUCCESS" }] });
  expect(seen.map(({ id }) => id)).toEqual([JSON.parse(late).id]);
  await bus.stop();
});

test("a partition whose mark got lost is marked again, and heard from then on", async () => {
  let lost = true;
  const { bus, seen, bring, marks } = await listening((partition) => partition !== 1 || !lost);
  await bus.start();
  await bring(early, 1);
  lost = false;
  await waitFor(() => marks().length >= 4, { what: "another mark" });
  expect(marks()[3]?.metadata.partitionNumber).toBe("1");
  await bring(late, 1);
  expect(seen.map(({ id }) => id)).toEqual([JSON.parse(late).id]);
  await bus.stop();
});

test("the marks of others, replayed events and what nobody can read are passed over", async () => {
  const { bus, seen, bring } = await listening();
  await bus.start();
  const mark = JSON.stringify({ rondogroup: "listener-other" });
  for (const text of [mark, "{", JSON.stringify({ ...JSON.parse(early), rondogroup: "audit" })]) await bring(text, 0);
  expect(seen).toEqual([]);
  await bus.stop();
});

test("start does not wait for ever for a sidecar or for its own marks", async () => {
  const { bus } = await listening(() => false);
  await bus.start();
  await bus.stop();
  const away = { ...scriptedSidecar().sidecar, outbound: () => Promise.reject(new Error("away")) };
  const alone = createDaprBus({ sidecar: away, metrics: createMetrics(), startWithinMs: 30 });
  await alone.start();
  expect(await alone.publish(topic, [])).toEqual([]);
});
