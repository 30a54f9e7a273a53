import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { emptyFolder, type Person, signUp, spawnProgram, startRondo, temporaryFolder, waitFor } from "@rondo/testing";

/**
 * Runs every executable of a folder as its user would, each in an empty folder, so that nothing of the repository lies beside it:
 * all of them explain themselves, and the standalone one keeps what it was told over a restart.
 * @throws Error saying what went wrong
 */
export async function smoke(folder: string, say: (line: string) => void): Promise<void> {
  const isExecutable = (name: string) => (statSync(join(folder, name)).mode & 0o111) !== 0;
  const names = readdirSync(folder).filter(isExecutable).sort();
  if (!names.includes("standalone")) throw new Error(`there is no standalone in ${folder}; npm run build makes it`);
  for (const name of names) {
    await explains(join(folder, name));
    say(`${name} explains itself`);
  }
  await remembers(join(folder, "standalone"));
  say("standalone signs up, keeps a task and its history over a restart, and ends with 0");
}

async function explains(executable: string): Promise<void> {
  await using program = spawnProgram([executable, "--help"], { cwd: emptyFolder() });
  await program.expectExit(0);
  if (!program.stdout().includes("Usage: ")) throw new Error(`${executable} --help does not say how it is used`);
}

async function remembers(executable: string): Promise<void> {
  const dataDir = temporaryFolder("smoke");
  const cwd = emptyFolder();
  const start = () => startRondo({ executable, cwd, dataDir, env: { RONDO_LOG_LEVEL: "info" } });
  await using first = await start();
  const person = await signUp(first.origin);
  await expectStatus(200, `${first.origin}/inbox`, { headers: { cookie: person.cookie } });
  await expectStatus(201, `${first.origin}/api/v1/tasks`, {
    method: "POST",
    headers: { authorization: `Bearer ${person.token}`, "content-type": "application/json" },
    body: JSON.stringify({ title: "Buy milk" }),
  });
  await hasHistory(first.origin, person);
  first.program.kill("SIGTERM");
  await first.program.expectExit(0);

  await using second = await start();
  const page = await expectStatus(200, `${second.origin}/inbox`, { headers: { cookie: person.cookie } });
  if (!page.includes("Buy milk")) throw new Error("the task is not on the page after the restart");
  second.program.kill("SIGTERM");
  await second.program.expectExit(0);
}

/** Waits until the creation of the one task is in the audit trail. */
export async function hasHistory(origin: string, { token }: Pick<Person, "token">): Promise<void> {
  const read = () => expectStatus(200, `${origin}/api/v1/audit`, { headers: { authorization: `Bearer ${token}` } });
  await waitFor(async () => (await read()).includes("task.created.v1"), {
    what: "the task's history",
  });
}

export async function expectStatus(status: number, url: string, init: RequestInit): Promise<string> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${init.method ?? "GET"} ${url} answered ${answer.status}: ${text}`);
  return text;
}

if (import.meta.main) {
  await smoke(resolve(process.argv[2] ?? "dist"), (line) => void process.stdout.write(`${line}\n`));
  process.exit(0);
}
