import { afterAll, beforeAll, expect, test } from "bun:test";
import { taskEvent } from "@rondo/event/testing";
import { newId } from "@rondo/testing";
import { type AuditFixture, createAuditFixture } from "../audit.fixture.ts";

let audit: AuditFixture;
beforeAll(async () => {
  audit = await createAuditFixture();
});
afterAll(() => audit.close());

const entries = (workspaceId: string) => audit.sql`select from audit.entry where workspace_id = ${workspaceId}`;

test("an event of a month that has no part of the trail yet makes one; what lies far off is refused alone, with the reason", async () => {
  const workspace_id = newId();
  const at = (time: string) => taskEvent("task.updated.v1", { workspace_id, time });
  const wanted = [
    at("2019-02-28T23:59:59.9999Z"),
    at(new Date().toISOString()),
    at("2031-01-01T00:00:00Z"),
    at("0001-01-01T00:00:00Z"),
  ];
  const outcomes = await audit.consume(...wanted);
  expect(outcomes).toMatchObject([
    { result: "done" },
    { result: "done" },
    { result: "refused", reason: "2031-01 is more than two months ahead" },
    { result: "refused", reason: "0001-01 is more than ten years ago" },
  ]);
  expect(await entries(workspace_id)).toHaveLength(2);
});

test("an event of a month that was archived is refused alone, with that reason", async () => {
  const workspace_id = newId();
  await audit.sql`insert into audit.archive (name, from_time, until_time) values ('2023-03', '2023-03-01Z', '2023-04-01Z')`;
  const at = (time: string) => taskEvent("task.updated.v1", { workspace_id, time });
  const outcomes = await audit.consume(at("2023-03-31T23:59:59.999Z"), at("2023-04-01T00:00:00.000Z"));
  expect(outcomes).toEqual([{ result: "refused", reason: "the trail of 2023-03 is archived" }, { result: "done" }]);
  expect(await entries(workspace_id)).toHaveLength(1);
});

test("a month that PostgreSQL has no part for, though it may be open, fails and is not refused: it is no fault of the event", async () => {
  const workspace_id = newId();
  const event = taskEvent("task.updated.v1", { workspace_id, time: "2020-02-02T00:00:00Z" });
  // A table of that name that is no part of the trail: nobody attaches it, and nothing can be recorded in that month.
  await audit.sql`create table audit.entry_2020_02 ()`;
  await expect(audit.consume(event)).rejects.toThrow(/no partition of relation/);
  await audit.sql`drop table audit.entry_2020_02`;
  expect(await audit.consume(event)).toEqual([{ result: "done" }]);
});
