import { afterAll, beforeAll, expect, test } from "bun:test";
import { newId, type TestDatabase } from "@rondo/testing";
import { takeNew, trimInbox } from "./inbox.ts";
import { schema, workDatabase } from "./outbox.fixture.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await workDatabase();
});
afterAll(() => database.close());

test("an event is new once for each consumer, however often it is delivered", async () => {
  const { sql } = database;
  const [a, b] = [newId(), newId()];
  expect(await takeNew(sql, schema, "one", [a, b, a])).toEqual(new Set([a, b]));
  expect(await takeNew(sql, schema, "one", [a, b])).toEqual(new Set());
  expect(await takeNew(sql, schema, "two", [a])).toEqual(new Set([a]));
  expect(await takeNew(sql, schema, "one", [])).toEqual(new Set());
});

test("an effect that was rolled back is new again", async () => {
  const id = newId();
  const effect = database.db.transaction(async (tx) => {
    expect((await takeNew(tx, schema, "one", [id])).size).toBe(1);
    throw new Error("the effect failed");
  });
  await expect(effect).rejects.toThrow("the effect failed");
  expect((await takeNew(database.sql, schema, "one", [id])).size).toBe(1);
});

test("the same events delivered to many at once, in any order, have one effect each and never deadlock", async () => {
  const ids = Array.from({ length: 50 }, newId);
  const effects: string[] = [];
  await Promise.all(
    Array.from({ length: 10 }, () =>
      database.db.transaction(async (tx) => {
        const shuffled = ids.toSorted(() => Math.random() - 0.5);
        effects.push(...(await takeNew(tx, schema, "shuffled", shuffled)));
      }),
    ),
  );
  expect(effects.toSorted()).toEqual(ids.toSorted());
});

test("old records are trimmed and young ones kept", async () => {
  const { sql } = database;
  await sql`delete from work.inbox`;
  const [old, young] = [newId(), newId()];
  await takeNew(sql, schema, "one", [old, young]);
  await sql`update work.inbox set at = now() - interval '40 days' where event_id = ${old}`;
  expect(await trimInbox(sql, schema, new Date(Date.now() - 30 * 86_400_000))).toBe(1);
  expect(await takeNew(sql, schema, "one", [old, young])).toEqual(new Set([old]));
});
