import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type Database } from "@rondo/db";
import { taskEvent } from "@rondo/event/testing";
import { newId } from "@rondo/testing";
import { type AuditFixture, createAuditFixture } from "../audit.fixture.ts";

const time = "2026-10-05T08:00:00.000Z";

let audit: AuditFixture;
let superuser: Database;
beforeAll(async () => {
  audit = await createAuditFixture();
  superuser = connect({ url: audit.database.adminUrl, name: "superuser", max: 1 });
  await audit.consume(taskEvent("task.created.v1", { time }));
});
afterAll(async () => {
  await superuser.close();
  await audit.close();
});

const attempts = ["audit.entry", "audit.entry_2026_10"].flatMap((table) => [
  `update ${table} set actor_id = 'somebody else'`,
  `update ${table} set actor_id = 'somebody else' where false`,
  `delete from ${table}`,
  `truncate ${table}`,
  `truncate ${table} cascade`,
]);
const replacing = `insert into audit.entry_2026_10 select * from audit.entry_2026_10
  on conflict (time, event_id) do update set actor_id = 'somebody else'`;

test.each([...attempts, replacing].map((statement) => [statement]))("the database refuses: %s", async (statement) => {
  const asOwner = audit.sql.unsafe(statement).then(() => "done");
  await expect(asOwner).rejects.toThrow("only grows");
  const asSuperuser = superuser.transaction(async (tx) => {
    await tx.unsafe("set local session_replication_role = replica");
    await tx.unsafe(statement);
  });
  await expect(asSuperuser).rejects.toThrow("only grows");
  expect(await audit.sql`select actor_id from audit.entry`).toHaveLength(1);
});

test("a workspace that was deleted is forgotten by one function, in every month, and no other loses an entry", async () => {
  const [gone, stays] = [newId(), newId()];
  const times = [time, "2026-09-05T08:00:00.000Z", "2025-01-05T08:00:00.000Z"];
  for (const workspace_id of [gone, stays]) {
    await audit.consume(...times.map((at) => taskEvent("task.updated.v1", { workspace_id, time: at })));
  }
  const [row] = await audit.sql<{ count: number }[]>`select audit.forget_workspace(${gone})::int as count`;
  expect(row?.count).toBe(3);
  expect(await audit.sql`select from audit.entry where workspace_id = ${gone}`).toHaveLength(0);
  expect(await audit.sql`select from audit.entry where workspace_id = ${stays}`).toHaveLength(3);
  await expect(audit.sql`delete from audit.entry where workspace_id = ${stays}`.then(() => "done")).rejects.toThrow();
});

test("that function is its owner's alone", async () => {
  const asStranger = superuser.transaction(async (tx) => {
    await tx.unsafe("create role stranger; grant usage on schema audit to stranger; set local role stranger");
    await tx`select audit.forget_workspace(${newId()})`;
  });
  await expect(asStranger).rejects.toThrow("permission denied for function forget_workspace");
});

test("a function of another name does not get around it, nor does a setting", async () => {
  const asOwner = audit.db.transaction(async (tx) => {
    await tx.unsafe(`
      create function public.forget_workspace(uuid) returns void language plpgsql as $$ begin delete from audit.entry; end $$;
      set local search_path = public, audit`);
    await tx`select public.forget_workspace(${newId()})`;
  });
  await expect(asOwner).rejects.toThrow("only grows");
});
