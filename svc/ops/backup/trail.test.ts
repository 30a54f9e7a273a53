import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { connect, migrate } from "@rondo/db";
import { startEmbedded } from "@rondo/embedded_postgres";
import { createTestDatabase, newId, type TestDatabase, temporaryFolder } from "@rondo/testing";
import { beginArchive } from "../audit/queries.ts";
import { ops } from "../kafka.fixture.ts";
import { migrationSets } from "../migrate/sets.ts";

const backUp = ({ url }: TestDatabase, file: string) =>
  ops(`backup ${file}`, { DATABASE_URL: url, RONDO_DATA_DIR: temporaryFolder("trail-secrets") });

/** The database of a folder that is made from a backup of this one. */
async function restored(source: TestDatabase) {
  const file = join(temporaryFolder("trail-file"), "rondo.backup");
  expect(await backUp(source, file)).toMatchObject({ code: 0, complaint: "" });
  const dataDir = join(temporaryFolder("trail-target"), "data");
  expect(await ops(`restore ${file}`, { RONDO_DATA_DIR: dataDir })).toMatchObject({ code: 0, complaint: "" });
  const server = await startEmbedded({ dataDir });
  const db = connect({ url: server.url, name: "trail test", max: 1 });
  return {
    db,
    sql: db.sql,
    [Symbol.asyncDispose]: async () => {
      await db.close();
      await server.stop();
    },
  };
}

interface Recorded {
  readonly event_id: string;
  readonly time: string;
}
const anEntry = (time: string): Recorded => ({ event_id: newId(), time });
const now = () => new Date().toISOString();

/** As the service does. */
async function record({ sql }: Pick<TestDatabase, "sql">, entries: readonly Recorded[]): Promise<void> {
  for (const { event_id, time } of entries)
    await sql`
      insert into audit.entry (id, workspace_id, event_id, type, time, actor_id, actor_type, changes)
      values (${newId()}, ${newId()}, ${event_id}, 'task.created.v1', ${time}, 'ada', 'user', '{}')
      on conflict do nothing`;
}

/** A database that was used before the trail had months, and was upgraded since. */
async function upgraded(entries: readonly Recorded[]): Promise<TestDatabase> {
  const sets = await migrationSets();
  const beforeMonths = sets.map((set) =>
    set.schema === "audit" ? { ...set, migrations: set.migrations.filter(({ id }) => id < 4) } : set,
  );
  const database = await createTestDatabase({ schemas: beforeMonths });
  await record(database, entries);
  for (const set of sets) await migrate(database.sql, set);
  return database;
}

const trailOf = async ({ sql }: Pick<TestDatabase, "sql">) => [
  ...(await sql`select tableoid::regclass::text as part, e.* from audit.entry e order by time, id`),
];
const partsOf = async ({ sql }: Pick<TestDatabase, "sql">) => [
  ...(await sql<{ name: string; bound: string; triggers: string[] }[]>`
    select relname as name, pg_get_expr(relpartbound, oid) as bound,
      array(select concat(tgname, ' ', tgenabled) from pg_trigger where tgrelid = c.oid order by 1) as triggers
    from pg_class c where relispartition and relnamespace = 'audit'::regnamespace and relkind = 'r' order by 1`),
];

test("the backup of a trail that is older than its months can be restored at once, with the same parts", async () => {
  await using source = await upgraded([anEntry("2025-01-15T08:00:00.000Z"), anEntry(now())]);
  expect(await partsOf(source)).toContainEqual(expect.objectContaining({ name: "entry_before" }));
  await using target = await restored(source);
  expect(await partsOf(target)).toEqual(await partsOf(source));
  expect(await trailOf(target)).toEqual(await trailOf(source));
});

/** A database whose trail has a month of its own for each entry. */
async function withMonths(entries: readonly Recorded[]): Promise<TestDatabase> {
  const database = await createTestDatabase({ schemas: await migrationSets() });
  for (const { time } of entries) await database.sql`select audit.open_month(${time}::timestamptz)`;
  await record(database, entries);
  return database;
}

test.each([
  ["the part from before there were months", upgraded],
  ["a month", withMonths],
])("what is restored into %s is not recorded twice, and is never changed or deleted", async (_, used) => {
  const entries = [anEntry("2025-01-15T08:00:00.000Z"), anEntry(now())];
  await using source = await used(entries);
  await using target = await restored(source);
  const trail = await trailOf(target);
  expect(trail).toHaveLength(entries.length);
  await record(target, entries);
  expect(await trailOf(target)).toEqual(trail);
  for (const { name } of await partsOf(target)) {
    const part = target.sql(`audit.${name}`);
    await expect(target.sql`update ${part} set type = 'x'`.then(() => "done")).rejects.toThrow("only grows");
    await expect(target.sql`delete from ${part}`.then(() => "done")).rejects.toThrow("only grows");
  }
});

test("a backup is refused while an archive is unfinished, and names the command that finishes it", async () => {
  await using source = await withMonths([anEntry("2025-01-15T08:00:00.000Z"), anEntry(now())]);
  await beginArchive(source.sql, "2025-01");
  const folder = temporaryFolder("trail-unfinished");
  const { code, complaint } = await backUp(source, join(folder, "rondo.backup"));
  expect({ code, complaint }).toEqual({
    code: 1,
    complaint: expect.stringMatching(/^rondo-ops: [^\n]*"rondo-ops audit archive 2025-01 --to=FOLDER --yes"[^\n]*\n$/),
  });
  expect(readdirSync(folder)).toEqual([]);
  expect(await ops(`audit archive 2025-01 --to=${folder} --yes`, { DATABASE_URL: source.url })).toMatchObject({
    code: 0,
  });
  await using target = await restored(source);
  expect(await trailOf(target)).toEqual(await trailOf(source));
});
