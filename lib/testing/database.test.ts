import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { connect, type MigrationSet } from "@rondo/db";
import { createTestDatabase, spawnProgram, temporaryFolder, waitFor } from "./index.ts";
import { removeLeftovers } from "./server.ts";

const house: MigrationSet = {
  schema: "house",
  migrations: [{ id: 1, name: "one", sql: "create table house.room (name text)" }],
};

test("databases are migrated, and separate from each other", async () => {
  await using one = await createTestDatabase({ schemas: [house] });
  await using other = await createTestDatabase({ schemas: [house] });
  await one.sql`insert into house.room values ('kitchen')`;
  expect(await one.sql`select name from house.room`).toHaveLength(1);
  expect(await other.sql`select name from house.room`).toHaveLength(0);
});

test("many databases may be made at once", async () => {
  const made = await Promise.all(Array.from({ length: 6 }, () => createTestDatabase({ schemas: [house] })));
  expect(new Set(made.map(({ name }) => name)).size).toBe(6);
  await Promise.all(made.map((database) => database.close()));
});

test("a connection that a test leaves open fails the test, and the database goes all the same", async () => {
  const database = await createTestDatabase();
  const forgotten = connect({ url: database.url, name: "forgotten" });
  await forgotten.sql`select 1`;
  expect(String(await database.close().catch((error: unknown) => error))).toContain(
    "left open to the test database: forgotten",
  );
  expect(String(await forgotten.sql`select 1`.catch((error: unknown) => error))).toContain("does not exist");
  await forgotten.close();
});

describe("the end of a test process", () => {
  const folderOf = (output: string): string => /folder=(\S+)/.exec(output)?.[1] ?? "";

  test.each(["ends by itself", "is killed"])(
    "that %s takes its server and its folders along",
    async (how) => {
      await using run = spawnProgram([process.execPath, join(import.meta.dir, "fixtures", "leftover.ts"), how]);
      await run.line(/ready/);
      const folder = folderOf(run.output());
      expect(existsSync(join(folder, "postgresql", "cluster", "postmaster.pid"))).toBe(true);
      if (how === "is killed") run.kill("SIGKILL");
      await run.ended();
      await waitFor(() => !existsSync(folder), { what: "the folder to be gone" });
    },
    30_000,
  );

  test("that was lost with its janitor is cleaned up by the next", () => {
    const parent = temporaryFolder("leftovers");
    mkdirSync(join(parent, "rondo-test-4194304-server-x", "postgresql"), { recursive: true });
    mkdirSync(join(parent, `rondo-test-${process.pid}-server-x`));
    mkdirSync(join(parent, "somebody-elses"));
    removeLeftovers(parent);
    expect(readdirSync(parent).sort()).toEqual([`rondo-test-${process.pid}-server-x`, "somebody-elses"]);
  });
});
