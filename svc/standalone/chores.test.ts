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
  // One of them is due: when the second process has done it, it has looked at all of them.
  const [due] = await database.sql<{ name: string; next_at: string }[]>`
    update scheduler.run set next_at = '2000-01-01Z' where name = 'every:scheduler-trim' returning name, next_at`;
  await using second = await start();
  expect(second.origin).not.toBe("");
  const of = (list: Awaited<ReturnType<typeof turns>>) => list.find(({ name }) => name === due?.name);
  await waitFor(async () => (of(await turns())?.next_at ?? "") > (of(before)?.next_at ?? ""), {
    what: "the one that is due",
  });
  const others = (list: Awaited<ReturnType<typeof turns>>) => list.filter(({ name }) => name !== due?.name);
  expect(others(await turns())).toEqual(others(before));
});
