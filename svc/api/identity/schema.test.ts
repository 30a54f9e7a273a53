import { afterAll, beforeAll, expect, test } from "bun:test";
import type { PoolSql } from "@rondo/db";
import { getLog } from "@rondo/telemetry";
import { createTestDatabase, type TestDatabase } from "@rondo/testing";
import { getMigrations } from "better-auth/db/migration";
import { apiMigrations } from "../migrations.ts";
import { createAuth } from "./auth.ts";
import { createAuthPool } from "./auth_pool.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ schemas: [apiMigrations] });
});
afterAll(() => database.close());

/** Every column of the schema, and whether a row must have it without a default. */
async function columnsOf(sql: PoolSql): Promise<Map<string, boolean>> {
  const rows = await sql<{ name: string; must: boolean }[]>`
    select table_name || '.' || column_name as name, is_nullable = 'NO' and column_default is null as must
    from information_schema.columns where table_schema = 'api' order by name`;
  return new Map(rows.map(({ name, must }) => [name, must]));
}

test("the tables have every column that better-auth would make, and none that it could not fill", async () => {
  await using empty = await createTestDatabase();
  await empty.sql`create schema api`;
  const sql = createAuthPool(empty.url);
  const secret = "a secret of thirty-two characters";
  const auth = createAuth({ sql, origin: "http://localhost:3000", secret, log: getLog("test") });
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  await sql.end();
  const [theirs, ours] = [await columnsOf(empty.sql), await columnsOf(database.sql)];
  const tables = new Set([...theirs.keys()].map((name) => name.split(".")[0]));
  expect(tables.size).toBe(8);
  expect([...theirs.keys()].filter((name) => !ours.has(name))).toEqual([]);
  const own = [...ours].filter(([name]) => tables.has(name.split(".")[0]) && !theirs.has(name));
  expect(own.filter(([, must]) => must)).toEqual([]);
});

test("ids made by the database are UUIDv7 of this moment", async () => {
  const before = Date.now();
  const rows = await database.sql<{ id: string }[]>`select api.new_id() as id from generate_series(1, 50)`;
  expect(new Set(rows.map(({ id }) => id)).size).toBe(50);
  for (const { id } of rows) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const ms = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
    expect(ms).toBeWithin(before - 5, Date.now() + 5);
  }
});
