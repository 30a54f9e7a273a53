import { afterAll, beforeAll, expect, test } from "bun:test";
import { createLocalBus } from "@rondo/bus";
import { taskEvent } from "@rondo/event/testing";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, spawnProgram, type TestDatabase, waitFor } from "@rondo/testing";

const command = [process.execPath, new URL("main.ts", import.meta.url).pathname];
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

function start() {
  return spawnProgram(command, {
    env: {
      DATABASE_URL: database.url,
      RONDO_API_URL: "http://127.0.0.1:9",
      RONDO_SERVICE_TOKEN: "what the services show each other, 32 or more",
      RONDO_ORIGIN: "http://rondo.example",
      RONDO_PORT: "0",
      RONDO_ADMIN_PORT: "0",
      RONDO_LOG_FORMAT: "json",
    },
  });
}

async function entries(count: number): Promise<void> {
  const there = async () => (await database.sql`select 1 from audit.entry`).count === count;
  await waitFor(there, { what: `${count} entries` });
}

test("the executable migrates, consumes, asks who is there, and stops when told", async () => {
  await using program = start();
  const [, url = ""] = await program.line(/"url":"([^"]+)"/);
  expect((await fetch(`${url}/api/v1/audit`)).status).toBe(401);
  const bus = createLocalBus({ db: database.db, metrics: createMetrics() });
  await bus.publish("task-events", [taskEvent("task.created.v1")]);
  await entries(1);
  const trims = () => database.sql`select from scheduler.run where name = 'every:audit-trim' and holder is null`;
  await waitFor(async () => (await trims()).length === 1, { what: "what the service does by itself" });
  program.kill("SIGTERM");
  await program.expectExit(0);
});

test("killed in the middle of its work and started again, it has every event once", async () => {
  const bus = createLocalBus({ db: database.db, metrics: createMetrics() });
  const total = 3_000;
  for (let count = 0; count < total; count += 500) {
    await bus.publish(
      "task-events",
      Array.from({ length: 500 }, () => taskEvent("task.updated.v1")),
    );
  }
  for (let round = 1; round <= 3; round += 1) {
    await using program = start();
    await program.line(/"url":"([^"]+)"/);
    const some = async () => (await database.sql`select 1 from audit.entry`).count > 1 + round * 300;
    await waitFor(some, { what: "some entries", everyMs: 1 });
    program.kill("SIGKILL");
  }
  await using last = start();
  await last.line(/"url":"([^"]+)"/);
  await entries(1 + total);
  const [row] = await database.sql`select count(distinct event_id) as events from audit.entry`;
  expect(row).toEqual({ events: 1 + total });
});

test("a wrong environment is said in one line each", async () => {
  await using program = spawnProgram(command, { env: { DATABASE_URL: "nonsense" } });
  await program.expectExit(1);
  for (const name of ["DATABASE_URL", "RONDO_API_URL", "RONDO_ORIGIN", "RONDO_SERVICE_TOKEN"])
    expect(program.stderr()).toContain(name);
});
