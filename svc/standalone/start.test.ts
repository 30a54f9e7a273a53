import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { expectTableCurrent } from "@rondo/config";
import { signUp, spawnProgram, startRondo, temporaryFolder } from "@rondo/testing";
import { standaloneConfig } from "./config.ts";

const main = join(import.meta.dir, "main.ts");
const root = join(import.meta.dir, "../..");

/** Everything that it says before it gives up. */
async function refusal(env: Record<string, string>): Promise<string> {
  const settings = { RONDO_DATA_DIR: temporaryFolder("start"), RONDO_PORT: "0", RONDO_ADMIN_PORT: "0", ...env };
  await using program = spawnProgram([process.execPath, main], {
    cwd: root,
    env: { RONDO_LOG_LEVEL: "error", ...settings },
  });
  await program.expectExit(1);
  return program.stderr();
}

test("the table of variables in the README is current", async () => {
  await expectTableCurrent(new URL("README.md", import.meta.url), standaloneConfig);
});

test("--help prints every variable and exits 0", async () => {
  await using program = spawnProgram([process.execPath, main, "--help"], { cwd: root });
  await program.expectExit(0);
  for (const { name } of Object.values(standaloneConfig)) expect(program.stdout()).toContain(name);
});

describe("each is refused in one clear line with exit code 1:", () => {
  let busy: Server;
  let port = 0;
  beforeAll(async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    busy = createServer().listen(0, "127.0.0.1", resolve);
    await promise;
    const address = busy.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  afterAll(() => void busy.close());

  test("a port that is in use", async () => {
    expect(await refusal({ RONDO_PORT: String(port) })).toBe(
      `rondo: 127.0.0.1:${port} is in use by another program. Stop it, or choose another port.\n`,
    );
  });

  test("an admin port that is in use", async () => {
    expect(await refusal({ RONDO_ADMIN_PORT: String(port) })).toMatch(
      /^rondo: 127\.0\.0\.1:\d+ is in use by another program\.[^\n]*\n$/,
    );
  });

  test("a database that does not answer", async () => {
    const said = await refusal({ DATABASE_URL: `postgres://nobody:hush-hush@127.0.0.1:1/rondo` });
    expect(said).toMatch(/^rondo: [^\n]+\n$/);
    expect(said).not.toContain("hush-hush");
  });

  test("a database URL that is none", async () => {
    expect(await refusal({ DATABASE_URL: "mysql://localhost/rondo" })).toMatch(
      /^rondo: DATABASE_URL must be [^\n]+\n$/,
    );
  });

  test("a variable that does not exist, with the one that was meant", async () => {
    expect(await refusal({ RONDO_PROT: "3000" })).toMatch(/^rondo: RONDO_PROT [^\n]*did you mean RONDO_PORT\?\n$/);
  });

  test("a data folder that another Rondo uses", async () => {
    const dataDir = temporaryFolder("used");
    await using first = await startRondo({ dataDir });
    expect(await refusal({ RONDO_DATA_DIR: dataDir })).toMatch(
      /^rondo: The data folder [^\n]+ is in use by another running Rondo\.[^\n]*\n$/,
    );
    first.program.kill("SIGTERM");
    await first.program.expectExit(0);
  });
});

test("Ctrl-C ends it with 0, and the next start finds everything", async () => {
  const dataDir = temporaryFolder("twice");
  const first = await startRondo({ dataDir });
  const { cookie } = await signUp(first.origin);
  first.program.kill("SIGINT");
  await first.program.expectExit(0);
  await using second = await startRondo({ dataDir });
  const answer = await fetch(`${second.origin}/api/v1/me`, { headers: { cookie } });
  expect(answer.status).toBe(200);
  second.program.kill("SIGINT");
  await second.program.expectExit(0);
});
