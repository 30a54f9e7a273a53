/**
 * One measurement of the local engine, in a process of its own, as one line of JSON: how fast a backlog of clean events is consumed
 * beside events that are parked and fail for ever. Arguments: how many are parked, over how many keys, and how many are clean.
 */
import { busMigrations, createLocalBus, done, eachInOrder, failed } from "@rondo/bus";
import { connect } from "@rondo/db";
import { taskEvent } from "@rondo/event/testing";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, newId, waitFor } from "@rondo/testing";

const [parked = 0, keys = 1, clean = 20_000] = process.argv.slice(2).map(Number);
const topic = "task-events";
const group = "measured";
const workspaces = 2_000;
const hourMs = 3_600_000;

await using database = await createTestDatabase({ schemas: [busMigrations] });
const { sql } = database;
await sql`create table effect (event_id uuid primary key)`;
if (parked > 0) await park();

const db = connect({ url: database.url, name: "measured", max: 8 });
const bus = createLocalBus({ db, metrics: createMetrics() });
let [consumed, tried] = [0, 0];
const record = eachInOrder(async ({ key, event }) => {
  if (key.startsWith("poison")) {
    tried += 1;
    return failed("poisoned");
  }
  await sql`insert into effect values (${event.id})`;
  consumed += 1;
  return done;
});
bus.subscribe({ topic, group, types: ["*"], batchSize: 250, handle: record });
const ids = Array.from({ length: workspaces }, newId);
for (let from = 0; from < clean; from += 500) {
  const events = Array.from({ length: 500 }, (_, index) =>
    taskEvent("task.updated.v1", { workspace_id: ids[(from + index) % workspaces] ?? "" }),
  );
  await bus.publish(topic, events);
}
const before = process.memoryUsage.rss();
let highest = before;
const began = performance.now();
await bus.start();
await waitFor(
  () => {
    highest = Math.max(highest, process.memoryUsage.rss());
    return consumed >= clean;
  },
  { what: "the clean events", deadlineMs: hourMs, everyMs: 20 },
);
const seconds = (performance.now() - began) / 1_000;
await bus.stop();
await db.close();
const result = { parked, keys, per_second: Math.round(clean / seconds), tried, rss_mib: Math.round(highest / 2 ** 20) };
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);

/** All of them due, and each an event as it is published. */
async function park(): Promise<void> {
  const slow = connect({
    url: database.url,
    name: "parks",
    max: 1,
    statementTimeoutMs: hourMs,
    transactionTimeoutMs: hourMs,
  });
  await slow.sql`
    insert into bus.parked_queue (topic, consumer_group, queue, partition, waiting, next_try_at)
    select ${topic}, ${group}, 'key poison ' || n, n % 3, ${parked / keys}, now() from generate_series(1, ${keys}::integer) n`;
  await slow.sql`
    insert into bus.parked_event (topic, consumer_group, queue, partition, key, event, tries)
    select ${topic}, ${group}, 'key poison ' || 1 + n % ${keys}::integer, n % 3, 'poison ' || 1 + n % ${keys}::integer,
      ${JSON.stringify(taskEvent("task.updated.v1"))}, 0
    from generate_series(0, ${parked - 1}::integer) n`;
  await slow.sql`analyze bus.parked_queue, bus.parked_event`;
  await slow.close();
}
