import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { signUp, startRondo, temporaryFolder, waitFor } from "@rondo/testing";

test("when PostgreSQL is killed, requests get 503 within their deadline, and are served again within 5 s of its return", async () => {
  const dataDir = temporaryFolder("outage");
  await using rondo = await startRondo({ dataDir });
  const person = await signUp(rondo.origin);
  const read = async () => {
    const begun = performance.now();
    const answer = await fetch(`${rondo.origin}/api/v1/tasks`, {
      headers: { authorization: `Bearer ${person.token}` },
    });
    await answer.arrayBuffer();
    return { status: answer.status, ms: performance.now() - begun };
  };
  expect((await read()).status).toBe(200);

  const pidFile = join(dataDir, "postgresql/cluster/postmaster.pid");
  const before = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  process.kill(before, "SIGKILL");
  const answers: { status: number; ms: number }[] = [];
  const returned = () => {
    const [pid, , , , , , , status] = existsSync(pidFile) ? readFileSync(pidFile, "utf8").split("\n") : [];
    return Number(pid) !== before && status?.trim() === "ready";
  };
  let backAt: number | undefined;
  await waitFor(
    async () => {
      answers.push(await read());
      if (backAt === undefined && returned()) backAt = performance.now();
      return backAt !== undefined && answers.at(-1)?.status === 200;
    },
    { what: "requests to be served again" },
  );
  const servedAt = performance.now();

  expect(new Set(answers.map((answer) => answer.status)).difference(new Set([200, 503])).size).toBe(0);
  expect(Math.max(...answers.map((answer) => answer.ms))).toBeLessThan(10_500);
  expect(servedAt - (backAt ?? 0)).toBeLessThan(5_000);

  rondo.program.kill("SIGTERM");
  await rondo.program.expectExit(0);
});
