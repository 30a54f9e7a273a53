/** What the windows are told of after the database was out of reach for a while. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "@rondo/db";
import { createMetrics } from "@rondo/telemetry";
import { databaseProxy, newId, waitFor } from "@rondo/testing";
import { createLocalBus } from "./index.ts";
import { trimLog } from "./local/trimmer.ts";
import { atEnd, database, events, freshDatabases, open, topic } from "./local.fixture.ts";

setDefaultTimeout(30_000);
freshDatabases();

/** A process that hears a broadcast and whose wire can be cut. */
async function listener() {
  const wire = await databaseProxy(database().url);
  const db = connect({ url: wire.url, name: "listener", max: 4, statementTimeoutMs: 1_000 });
  const bus = createLocalBus({ db, metrics: createMetrics(), pollMs: 10 });
  const heard: string[] = [];
  let begun = 0;
  bus.broadcast({
    topic,
    handle: ({ id }) => heard.push(id),
    begin: () => {
      begun += 1;
    },
  });
  await bus.start();
  atEnd(async () => {
    await bus.stop();
    await db.close();
    await wire.close();
  });
  return { wire, heard, begun: () => begun };
}

const idsOf = (those: readonly { readonly id: string }[]) => those.map(({ id }) => id);

test("a broadcast goes on where it was: what was published meanwhile is heard, once and in order", async () => {
  const publisher = open();
  const [before, meanwhile] = [events(newId(), 3), events(newId(), 5)];
  const { wire, heard, begun } = await listener();
  await publisher.publish(topic, before);
  await waitFor(() => heard.length === 3, { what: "the first events" });
  wire.cut();
  await publisher.publish(topic, meanwhile);
  await wire.heal();
  await waitFor(() => heard.length === 8, { what: "what was published meanwhile" });
  expect(heard).toEqual(idsOf([...before, ...meanwhile]));
  expect(begun()).toBe(1);
});

test("when the log no longer holds what comes next, everybody is told to begin anew, and hears what is published from then on", async () => {
  const publisher = open();
  const key = newId();
  const { wire, heard, begun } = await listener();
  await publisher.publish(topic, events(key, 1));
  await waitFor(() => heard.length === 1, { what: "the first event" });
  wire.cut();
  await publisher.publish(topic, events(key, 4));
  expect(await trimLog(database().sql, -60_000)).toBeGreaterThan(0);
  await publisher.publish(topic, events(key, 2));
  await wire.heal();
  await waitFor(() => begun() === 2, { what: "the new beginning" });
  const later = events(key, 2);
  await publisher.publish(topic, later);
  await waitFor(() => heard.length === 3, { what: "what was published from then on" });
  expect(heard.slice(1)).toEqual(idsOf(later));
});
