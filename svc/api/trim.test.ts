import { afterEach, beforeEach, expect, test } from "bun:test";
import { type ApiFixture, createApiFixture } from "./api.fixture.ts";
import { trimApi } from "./trim.ts";

const tables = ["operation", "idempotency", "rate_limit"] as const;
const many = 2_500;

let api: ApiFixture;
beforeEach(async () => {
  api = await createApiFixture();
  const ada = await api.caller();
  const { user_id, workspace_id } = ada.principal;
  const { sql } = api;
  await sql`
    insert into api.operation (id, workspace_id, user_id, kind, subject_id, version, changes)
    select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${workspace_id}, ${user_id}, 'task.updated',
      gen_random_uuid(), 2, '{}'
    from generate_series(1, ${many}) as n`;
  await sql`
    insert into api.idempotency (actor, route, key, fingerprint, reserved_id, owner, leased_until, created_at)
    select 'a', 'r', n::text, 'f', gen_random_uuid(), gen_random_uuid(), now(), now() - interval '1 month'
    from generate_series(1, ${many}) as n`;
  await sql`
    insert into api.rate_limit (name, key, used, granted, ends_at)
    select 'n', n::text, 1, 1, now() - interval '1 month' from generate_series(1, ${many}) as n`;
});
afterEach(() => api.close());

/** How many of the old rows each table still has. */
async function left(): Promise<number[]> {
  const counts = await Promise.all([
    api.sql`select from api.operation where id < '01000000-0000-7000-8000-000000000000'`,
    api.sql`select from api.idempotency where actor = 'a'`,
    api.sql`select from api.rate_limit where name = 'n'`,
  ]);
  return counts.map(({ count }) => count);
}

/** Refuses a statement that deletes more than so many rows of the table. */
async function allow(table: (typeof tables)[number], most: number): Promise<void> {
  await api.sql.unsafe(`
    create function api.limit_${table}() returns trigger language plpgsql as $$
    begin
      if (select count(*) from gone) > ${most} then raise exception 'too many of ${table} at once'; end if;
      return null;
    end
    $$;
    create trigger limited after delete on api.${table} referencing old table as gone
    for each statement execute function api.limit_${table}()`);
}

test("after a month the trims go through in small statements, none of which its timeout could end", async () => {
  for (const table of tables) await allow(table, 1_000);
  expect(await left()).toEqual([many, many, many]);
  await trimApi(api.sql, new Date());
  expect(await left()).toEqual([0, 0, 0]);
});

test.each(tables)("when %s cannot be trimmed the others are, and the failure is told", async (failing) => {
  await allow(failing, 0);
  const error = await trimApi(api.sql, new Date()).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AggregateError);
  expect(String(error instanceof AggregateError && error.errors)).toContain(`too many of ${failing}`);
  expect(await left()).toEqual(tables.map((table) => (table === failing ? many : 0)));
});
