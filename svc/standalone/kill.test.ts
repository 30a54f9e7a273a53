import { expect, test } from "bun:test";
import { type Person, signUp, startRondo, temporaryFolder, waitFor } from "@rondo/testing";
import { readAll, startWriters } from "./testing/writers.ts";

const kills = 20;

test(`kill -9 at ${kills} random moments under writes loses no acknowledged task and no entry of its history, and doubles none`, async () => {
  const dataDir = temporaryFolder("kill");
  const acknowledged = new Set<string>();
  let person: Person | undefined;
  for (let round = 0; round < kills; round++) {
    await using rondo = await startRondo({ dataDir });
    person ??= await signUp(rondo.origin);
    const writers = startWriters(rondo.origin, person, 8);
    const enough = 1 + Math.floor(Math.random() * 150);
    await waitFor(() => writers.written.acknowledged.size >= enough, {
      what: `${enough} tasks`,
      everyMs: 1,
    });
    rondo.program.kill("SIGKILL");
    await rondo.program.ended();
    await writers.stop();
    for (const id of writers.written.acknowledged) acknowledged.add(id);
  }
  if (person === undefined) throw new Error("nobody signed up");
  const somebody = person;
  await using rondo = await startRondo({ dataDir });

  const tasks = await readAll<{ id: string }>(`${rondo.origin}/api/v1/tasks`, somebody);
  const kept = new Set(tasks.map((task) => task.id));
  expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
  expect(kept.size).toBe(tasks.length);

  const history = () =>
    readAll<{ task_id: string; event_id: string; type: string }>(
      `${rondo.origin}/api/v1/audit?type=task.created.v1`,
      somebody,
    );
  const entries = await waitFor(
    async () => {
      const all = await history();
      return all.length >= tasks.length ? all : undefined;
    },
    { what: "the history of every task", everyMs: 200 },
  );
  expect(entries.map((entry) => entry.task_id).sort()).toEqual([...kept].sort());
  expect(new Set(entries.map((entry) => entry.event_id)).size).toBe(entries.length);

  rondo.program.kill("SIGTERM");
  await rondo.program.expectExit(0);
});
