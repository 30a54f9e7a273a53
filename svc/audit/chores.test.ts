import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Scheduler } from "@rondo/scheduler";
import { createTestDatabase, fakeClock, type TestDatabase } from "@rondo/testing";
import { scheduleAuditChores } from "./chores.ts";
import { auditMigrations } from "./migrations.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ schemas: [auditMigrations] });
});
afterAll(() => database.close());

function chores(clock: () => Date) {
  const works = new Map<string, Parameters<Scheduler["every"]>[2]>();
  const every: Scheduler["every"] = (name, _, work) => void works.set(name, work);
  const refuse = () => {
    throw new Error("chores only come back");
  };
  const scheduler = { every, handle: refuse, schedule: refuse, cancel: refuse, start: refuse, stop: refuse };
  scheduleAuditChores(scheduler, { sql: database.sql, clock });
  return works;
}

test("the part of the trail for this month and the next is made ahead, and made once", async () => {
  const clock = fakeClock(new Date(Date.now() - 800 * 86_400_000).toISOString());
  const parts = async () =>
    (await database.sql`select from pg_inherits where inhparent = 'audit.entry'::regclass`).count;
  const before = await parts();
  const work = chores(clock).get("audit-months");
  for (let turn = 0; turn < 2; turn += 1) await work?.(new AbortController().signal);
  expect(await parts()).toBe(before + 2);
});
