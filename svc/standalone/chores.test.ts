import { expect, test } from "bun:test";
import { createTestDatabase, startRondo, temporaryFolder, waitFor } from "@rondo/testing";

test("what the services do by themselves is done from the start on, each once, and not again by a restart", async () => {
  await using database = await createTestDatabase();
  const turns = () => database.sql<{ name: string; next_at: string }[]>`
    select name, next_at from scheduler.run where holder is null order by name`;
  const start = () => startRondo({ dataDir: temporaryFolder("chores"), env: { DATABASE_URL: database.url } });
  const first = await start();
  const names = ["api-bin", "api-trim", "audit-months", "audit-trim", "bus-trim", "scheduler-trim"].map(
    (name) => `every:${name}`,
  );
  await waitFor(async () => (await turns()).length === names.length, { what: "the turns" });
  const before = await turns();
  expect(before.map(({ name }) => name)).toEqual(names);
  await first[Symbol.asyncDispose]();
  await using second = await start();
  expect(second.origin).not.toBe("");
  expect(await turns()).toEqual(before);
});
