import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type Database } from "@rondo/db";
import type { TestDatabase } from "@rondo/testing";
import { schema, workDatabase } from "./outbox.fixture.ts";
import { readWaiting } from "./queries.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await workDatabase();
  db = connect({ url: database.url, name: "plans", max: 1 });
});
afterAll(async () => {
  await db.close();
  await database.close();
});

/** Pages of the outbox that one look at it touches, by PostgreSQL's own account. */
async function pagesOfALook(): Promise<number> {
  const touched = async () => {
    await db.sql`select pg_stat_force_next_flush()`;
    const [row] = await db.sql<{ pages: number }[]>`
      select heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read as pages
      from pg_statio_user_tables where schemaname = 'work' and relname = 'outbox'`;
    return Number(row?.pages);
  };
  const before = await touched();
  expect(await readWaiting(db.sql, schema, { after: 0, limit: 500 })).toHaveLength(41);
  return (await touched()) - before;
}

test.each([["nobody has counted"], ["was counted when it was nearly empty"]])(
  "a look at an outbox full of deleted rows costs a few pages once they are old news, when the table %s",
  async (how) => {
    await db.sql`truncate work.outbox`;
    await db.sql`
      insert into work.outbox (event_id, key, type, payload)
      select gen_random_uuid(), 'k', 'task.created.v1', json_build_object('notes', repeat('x', 1000))
      from generate_series(1, 8000)`;
    await db.sql`delete from work.outbox where id < (select max(id) - 40 from work.outbox)`;
    if (how.startsWith("was")) await db.sql`analyze work.outbox`;
    expect(await pagesOfALook()).toBeGreaterThan(1_000);
    expect(await pagesOfALook()).toBeLessThan(150);
  },
);
