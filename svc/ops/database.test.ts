import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { taskEvent } from "@rondo/event/testing";
import { appendEvents } from "@rondo/outbox";
import { createTestDatabase, type TestDatabase } from "@rondo/testing";
import { ops } from "./kafka.fixture.ts";
import { migrationSets } from "./migrate/sets.ts";

let database: TestDatabase;
const run = (line: string) => ops(line, { DATABASE_URL: database.url, RONDO_ENGINE: "dapr" });
const json = async (line: string) => {
  const { code, output, complaint } = await run(`${line} --json`);
  return { code, complaint, answer: output === "" ? undefined : JSON.parse(output) };
};

describe("migrate", () => {
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.close());
  const schemas = async () => {
    const rows = await database.sql<{ name: string }[]>`
      select schemaname as name from pg_tables where tablename = 'migration' order by 1`;
    return rows.map(({ name }) => name);
  };

  test("says what is pending, does it, says what it did, and has nothing to do the second time", async () => {
    const before = await json("migrate --check");
    expect(before).toMatchObject({
      code: 1,
      answer: {
        ok: false,
        schemas: [{ schema: "api", version: 0 }, { schema: "audit" }, { schema: "scheduler" }, { schema: "bus" }],
      },
    });
    expect(await schemas()).toEqual([]);
    const during = await json("migrate");
    expect(during.code).toBe(0);
    expect(during.answer.schemas[0].applied).toEqual(before.answer.schemas[0].pending);
    expect(await schemas()).toEqual(["api", "audit", "bus", "scheduler"]);
    const after = await run("migrate");
    expect(after.output).not.toContain("identity");
    expect((await run("migrate --check")).code).toBe(0);
  });

  test("a newer schema is refused in one line and left alone", async () => {
    await run("migrate");
    await database.sql`insert into audit.migration (id, name, checksum, contract) values (99, 'from the future', 'x', true)`;
    const { code, output, complaint } = await run("migrate");
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(complaint).toContain('schema "audit" is newer than this program');
  });

  test("a PostgreSQL that is away is one line without the password", async () => {
    const { code, complaint } = await ops("migrate --database-url=postgres://rondo:hunter2@127.0.0.1:1/rondo");
    expect(code).toBe(1);
    expect(complaint).toContain("nothing listens there");
    expect(complaint).not.toContain("hunter2");
    expect(await ops("migrate --data-dir=/nowhere")).toMatchObject({
      code: 1,
      complaint: expect.stringContaining("No Rondo runs on the data folder /nowhere"),
    });
  });
});

describe("outbox", () => {
  beforeEach(async () => {
    database = await createTestDatabase({ schemas: await migrationSets() });
  });
  afterEach(() => database.close());
  const append = (count: number) => {
    const events = Array.from({ length: count }, () => taskEvent("task.created.v1"));
    return appendEvents(database.sql, "api", events);
  };
  const refuse = () => database.sql`
    with gone as (delete from api.outbox where id = (select min(id) from api.outbox) returning *)
    insert into api.outbox_refused (id, event_id, key, type, payload, reason)
    select id, event_id, key, type, payload, 'too large' from gone`;

  test("an empty one is well; events that wait for long are stuck, and listed", async () => {
    expect(await json("outbox")).toMatchObject({ code: 0, answer: { outboxes: [{ schema: "api", depth: 0 }] } });
    await append(3);
    expect((await run("outbox")).code).toBe(0);
    await database.sql`update api.outbox set created_at = created_at - interval '2 hours' where id <= 2`;
    const { code, answer } = await json("outbox --stuck-after=1h --limit=1");
    expect(code).toBe(1);
    expect(answer.outboxes[0]).toMatchObject({ depth: 3, refused: 0, stuck: [{ id: 1, type: "task.created.v1" }] });
    expect((await run("outbox")).output).toMatch(/STUCK +AGE.*\n +1 +2 h +task\.created\.v1/);
    expect((await run("outbox --stuck-after=1d")).code).toBe(0);
  });

  test("refused events are listed with their reason, and released when somebody is sure", async () => {
    await append(3);
    await refuse();
    await refuse();
    const { code, output } = await run("outbox");
    expect(code).toBe(1);
    expect(output).toContain("too large");
    for (const line of [
      "release",
      "release 1 --all",
      "release x",
      "release --all",
      "release 1",
      "release --all --schema=audit --yes",
    ])
      expect((await run(`outbox ${line}`)).code).toBe(2);
    expect((await run("outbox release 1")).complaint).toContain("this would publish 1 event of api again; add --yes");
    expect(await json("outbox release 1 7 --yes")).toMatchObject({ code: 1, answer: { released: 1, absent: [7] } });
    expect(await run("outbox release --all --yes")).toMatchObject({ code: 0, output: "1 event released\n" });
    expect((await json("outbox")).answer.outboxes[0]).toMatchObject({ depth: 3, refused: 0 });
  });

  test("a database without an outbox says what to do", async () => {
    await using empty = await createTestDatabase();
    const { code, complaint } = await ops("outbox", { DATABASE_URL: empty.url });
    expect(code).toBe(1);
    expect(complaint).toContain("run rondo-ops migrate");
  });
});
