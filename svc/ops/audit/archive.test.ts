import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, newId, type TestDatabase } from "@rondo/testing";
import { ops } from "../kafka.fixture.ts";
import { migrationSets } from "../migrate/sets.ts";
import { beginArchive } from "./queries.ts";

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await createTestDatabase({ schemas: await migrationSets() });
  folder = await mkdtemp(join(tmpdir(), "rondo-archive-"));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const run = (line: string) => ops(line, { DATABASE_URL: database.url, RONDO_ENGINE: "dapr" });
const archive = (month: string) => run(`audit archive ${month} --to=${folder} --yes`);
const trail = () => database.sql<{ event_id: string }[]>`select event_id from audit.entry order by time`;

async function record(...times: readonly string[]): Promise<void> {
  for (const time of times) {
    await database.sql`select audit.open_month(${time}::timestamptz)`;
    await database.sql`
      insert into audit.entry (id, workspace_id, event_id, type, time, actor_id, actor_type, changes)
      values (${newId()}, ${newId()}, ${newId()}, 'task.created.v1', ${time}, 'ada', 'user', '{"title":[null,"ž\\n🐎"]}')`;
  }
}

const january = ["2025-01-01T00:00:00Z", "2025-01-15T08:00:00Z", "2025-01-31T23:59:59.999Z"];

async function linesOf(month: string) {
  const text = await Bun.file(join(folder, `audit-${month}.jsonl`)).text();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("a month goes into a file with its checksum, whole and alone; the others stay", async () => {
  await record("2024-12-31T23:59:59.999Z", ...january, "2025-02-01T00:00:00Z");
  const before = await database.sql<{ event_id: string }[]>`
    select event_id, changes from audit.entry where time between ${"2025-01-01"} and ${"2025-01-31T23:59:59.999Z"} order by time`;
  expect((await archive("2025-01")).output).toBe(`2025-01: 3 events in ${folder}/audit-2025-01.jsonl\n`);
  expect(await linesOf("2025-01")).toMatchObject([...before]);
  expect(await trail()).toHaveLength(2);
  const checked = Bun.spawnSync(["sha256sum", "-c", "audit-2025-01.jsonl.sha256"], { cwd: folder });
  expect(checked.exitCode).toBe(0);
  const [noted] = await database.sql`select entries, sha256, finished_at is not null as finished from audit.archive`;
  expect(noted).toMatchObject({ entries: 3, finished: true, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test("an event of an archived month is refused with that reason, and the month is not made again", async () => {
  await record(...january);
  await archive("2025-01");
  const [row] = await database.sql`select audit.open_month('2025-01-20T00:00:00Z') as reason`;
  expect(row).toEqual({ reason: "the trail of 2025-01 is archived" });
});

test("an archive that was interrupted goes on where nothing is lost", async () => {
  await record(...january);
  await beginArchive(database.sql, "2025-01");
  expect(await trail()).toHaveLength(0);
  expect((await archive("2025-01")).code).toBe(0);
  expect(await linesOf("2025-01")).toHaveLength(3);
  expect(await archive("2025-01")).toMatchObject({ code: 1, output: "2025-01 is archived already\n" });
});

test("when the file cannot be written the entries stay in the database", async () => {
  await record(...january);
  const { code } = await run("audit archive 2025-01 --to=/nowhere/at/all --yes");
  expect(code).not.toBe(0);
  expect(await database.sql`select from audit.entry_2025_01`).toHaveLength(3);
});

test("a month that is not over for long, or not there, or not meant, is left alone", async () => {
  const thisMonth = new Date().toISOString().slice(0, 7);
  expect((await archive(thisMonth)).output).toContain("ended less than 7 days ago");
  expect((await archive("2020-01")).output).toContain("the trail has no part for 2020-01");
  for (const line of ["audit archive", "audit archive 2025-13 --yes --to=/tmp", `audit archive 2025-01 --to=${folder}`])
    expect((await run(line)).code).toBe(2);
});
