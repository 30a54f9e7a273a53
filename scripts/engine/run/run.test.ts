import { expect, test } from "bun:test";
import { join } from "node:path";
import {
  describeWith,
  type Person,
  type Program,
  signUp,
  spawnProgram,
  temporaryFolder,
  waitFor,
} from "@rondo/testing";
import { childrenOf, isRunning } from "../../fixtures/running.ts";
import { freePort } from "../ports.ts";

const main = join(import.meta.dir, "main.ts");
/** Building all executables and a cold start, on a busy machine. */
const startMs = 180_000;
const backMs = 60_000;

describeWith(["daprd", "scheduler", "kafka"], "npm run engine", () => {
  const folder = temporaryFolder("run");
  const port = freePort();
  const site = `http://localhost:${port}`;
  const start = () =>
    spawnProgram([process.execPath, main], { env: { RONDO_PORT: String(port), RONDO_DATA_DIR: folder } });
  const ready = (program: Program) => program.line(/ready after .*: (\S+) ·/, startMs);
  const ask = (person: Person, path: string, init: RequestInit = {}) =>
    fetch(site + path, {
      ...init,
      headers: { authorization: `Bearer ${person.token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(5_000),
    });

  /** A change, from the api through the outbox and Kafka to the trail. */
  async function change(person: Person): Promise<string> {
    const body = JSON.stringify({ title: "Water the plants" });
    const task = await waitFor(
      async () => {
        const answer = await ask(person, "/api/v1/tasks", { method: "POST", body });
        return answer.status === 201 ? ((await answer.json()) as { id: string }) : undefined;
      },
      { what: "a new task", deadlineMs: backMs, everyMs: 100 },
    );
    const told = async () => (await (await ask(person, `/api/v1/audit?task_id=${task.id}`)).text()).includes(task.id);
    await waitFor(told, { what: "its history", deadlineMs: backMs, everyMs: 100 });
    return task.id;
  }

  test("serves the whole site, survives the death of all its parts, ends cleanly and keeps the data", async () => {
    await using program = start();
    expect((await ready(program))[1]).toBe(site);
    const person = await signUp(site);
    await change(person);
    expect((await fetch(`${site}/inbox`, { headers: { cookie: person.cookie } })).status).toBe(200);

    const killed = childrenOf(program.pid);
    expect(killed.length).toBe(12);
    for (const pid of killed) process.kill(pid, "SIGKILL");
    await waitFor(() => killed.every((pid) => !isRunning(pid)), { what: "all to be dead" });
    const kept = await change(person);

    await using second = start();
    await second.expectExit(1);
    expect(second.stderr()).toMatch(/^rondo-engine: 127\.0\.0\.1:\d+ is in use by another program\. .*\n$/);

    const all = childrenOf(program.pid);
    program.kill("SIGTERM");
    await program.expectExit(0);
    expect(all.filter(isRunning)).toEqual([]);

    await using later = start();
    await ready(later);
    const answer = await ask(person, `/api/v1/tasks/${kept}`);
    expect(await answer.json()).toMatchObject({ id: kept, title: "Water the plants" });
    later.kill("SIGINT");
    await later.expectExit(0);
  }, 600_000);

  test("that is told to end while it starts leaves nothing behind", async () => {
    await using program = start();
    await program.line(/postgresql +ready/, startMs);
    await waitFor(() => childrenOf(program.pid).length > 1, { what: "the first parts" });
    const all = childrenOf(program.pid);
    program.kill("SIGINT");
    await program.expectExit(0);
    expect(all.filter(isRunning)).toEqual([]);
  });
});
