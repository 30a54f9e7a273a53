import { expect, test } from "bun:test";
import { signUp, startRondo, temporaryFolder, waitFor } from "@rondo/testing";
import { readAll, startWriters } from "./testing/writers.ts";

test("SIGTERM under load with open streams fails no request, ends the streams, loses nothing, and exits 0 within 10 s", async () => {
  const dataDir = temporaryFolder("drain");
  const rondo = await startRondo({ dataDir });
  const person = await signUp(rondo.origin);
  const headers = { authorization: `Bearer ${person.token}` };
  const streams = await Promise.all(
    Array.from({ length: 10 }, () => fetch(`${rondo.origin}/sync/events`, { headers })),
  );
  expect(streams.map((stream) => stream.status)).toEqual(streams.map(() => 200));
  const ended = Promise.all(streams.map((stream) => stream.text()));

  const writers = startWriters(rondo.origin, person, 8);
  await waitFor(() => writers.written.acknowledged.size >= 200, { what: "200 tasks" });
  const begun = performance.now();
  rondo.program.kill("SIGTERM");
  await rondo.program.expectExit(0);
  expect(performance.now() - begun).toBeLessThan(10_000);
  await writers.stop();
  await ended;
  // A connection that could not be opened any more (0) is no request; an answer other than 201 would be a failed one.
  expect([...writers.written.others.keys()].filter((status) => status !== 0)).toEqual([]);
  await rondo[Symbol.asyncDispose]();

  await using again = await startRondo({ dataDir });
  const kept = new Set((await readAll<{ id: string }>(`${again.origin}/api/v1/tasks`, person)).map((task) => task.id));
  expect([...writers.written.acknowledged].filter((id) => !kept.has(id))).toEqual([]);
  again.program.kill("SIGTERM");
  await again.program.expectExit(0);
});
