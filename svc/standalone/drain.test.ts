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
  // Who finds nobody listening any more has sent nothing; another answer than 201, or none, is a failed request.
  expect([...writers.written.others.keys()].filter((outcome) => outcome !== "refused")).toEqual([]);
  await rondo[Symbol.asyncDispose]();

  await using again = await startRondo({ dataDir });
  const kept = new Set((await readAll<{ id: string }>(`${again.origin}/api/v1/tasks`, person)).map((task) => task.id));
  expect([...writers.written.acknowledged].filter((id) => !kept.has(id))).toEqual([]);
  again.program.kill("SIGTERM");
  await again.program.expectExit(0);
});
