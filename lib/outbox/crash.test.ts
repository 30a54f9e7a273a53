import { expect, test } from "bun:test";
import { busMigrations, createLocalBus, done } from "@rondo/bus";
import { connect, migrate } from "@rondo/db";
import { startEmbedded } from "@rondo/embedded_postgres";
import { taskEvent } from "@rondo/event/testing";
import { createMetrics } from "@rondo/telemetry";
import { newId, temporaryFolder, waitFor } from "@rondo/testing";
import { newEvents } from "./inbox.ts";
import { append, schema, workMigrations } from "./outbox.fixture.ts";
import { createRelay } from "./relay.ts";

/** Publishing, forgetting and moving cursors do not wait for the disk: this is where that must show no trace. */
test("PostgreSQL killed again and again: each acknowledged event has its effect, and has it once", async () => {
  const server = await startEmbedded({ dataDir: temporaryFolder("outbox-crash") });
  const [db, background] = ["writer", "background"].map((name) =>
    connect({ url: server.url, name, max: 6, statementTimeoutMs: 1_000 }),
  );
  if (db === undefined || background === undefined) throw new Error("two pools");
  for (const migrations of [workMigrations, busMigrations]) await migrate(db.sql, migrations);
  await db.sql`create table work.effect (event_id uuid not null)`;
  const { sql } = background;
  const bus = createLocalBus({ db: background, metrics: createMetrics(), pollMs: 20 });
  bus.subscribe({
    topic: "task-events",
    types: ["*"],
    group: "effects",
    handle: async (deliveries) => {
      const ids = deliveries.map(({ event }) => event.id);
      await sql`with fresh as (${newEvents(sql, schema, "effects", ids)})
        insert into work.effect (event_id) select event_id from fresh`;
      return deliveries.map(() => done);
    },
  });
  const relay = createRelay({ db: background, schema, bus, metrics: createMetrics(), pollMs: 20 });
  await bus.start();
  relay.start();

  const acknowledged: string[] = [];
  let writing = true;
  const writers = Array.from({ length: 4 }, async () => {
    const workspace_id = newId();
    while (writing) {
      const event = taskEvent("task.updated.v1", { workspace_id });
      await append(db.sql, event).then(
        () => acknowledged.push(event.id),
        () => Bun.sleep(5),
      );
      relay.wake();
    }
  });
  const effects = async () => {
    const rows = await db.sql<{ event_id: string }[]>`select event_id from work.effect`;
    return new Set(rows.map((row) => row.event_id));
  };
  for (let round = 0; round < 4; round += 1) {
    const before = await waitFor(effects, { what: "PostgreSQL to answer" });
    const grown = async () => (await effects()).size > before.size + 50 * (round + 1);
    await waitFor(grown, { what: "effects" });
    process.kill(server.pid, "SIGKILL");
  }
  writing = false;
  await Promise.all(writers);
  const complete = async () => {
    const there = await effects();
    return acknowledged.every((id) => there.has(id));
  };
  await waitFor(complete, { what: "the effect of every acknowledged event" });
  expect(acknowledged.length).toBeGreaterThan(500);
  const twice = await db.sql`select event_id from work.effect group by event_id having count(*) > 1`;
  expect([...twice]).toEqual([]);
  await relay.stop();
  await bus.stop();
  await db.close();
  await background.close();
  await server.stop();
});
