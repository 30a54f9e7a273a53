import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type Database } from "@rondo/db";
import { taskEvent } from "@rondo/event/testing";
import { type AuditFixture, createAuditFixture } from "../audit.fixture.ts";

let audit: AuditFixture;
let superuser: Database;
beforeAll(async () => {
  audit = await createAuditFixture();
  superuser = connect({ url: audit.database.adminUrl, name: "superuser", max: 1 });
  await audit.consume(taskEvent("task.created.v1"));
});
afterAll(async () => {
  await superuser.close();
  await audit.close();
});

const attempts = [
  "update audit.entry set actor_id = 'somebody else'",
  "update audit.entry set actor_id = 'somebody else' where false",
  "delete from audit.entry",
  "truncate audit.entry",
  "truncate audit.entry cascade",
  "insert into audit.entry select * from audit.entry on conflict (id) do update set actor_id = 'somebody else'",
];

test.each(attempts.map((statement) => [statement]))("the database refuses: %s", async (statement) => {
  const asOwner = audit.sql.unsafe(statement).then(() => "done");
  await expect(asOwner).rejects.toThrow("only grows");
  const asSuperuser = superuser.transaction(async (tx) => {
    await tx.unsafe("set local session_replication_role = replica");
    await tx.unsafe(statement);
  });
  await expect(asSuperuser).rejects.toThrow("only grows");
  expect(await audit.sql`select actor_id from audit.entry`).toHaveLength(1);
});
