import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnProgram, waitFor } from "@rondo/testing";
import { root } from "./repository.ts";

const node = Bun.which("node") ?? process.execPath;
const command = (name: string) => join(root, "scripts", name);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rondo-commands-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await Bun.write(path, text);
  return path;
}

describe("npm test", () => {
  async function lastLines(...bodies: string[]): Promise<{ code: number | null; output: string; counts?: string }> {
    const header = `import { expect, test } from "bun:test";\n`;
    const paths = await Promise.all(bodies.map((body) => file(`${Bun.randomUUIDv7()}.test.ts`, header + body)));
    await using program = spawnProgram([node, command("run.mjs"), "test", ...paths]);
    const { code } = await program.ended();
    return { code, output: program.stdout(), counts: /.*$/.exec(program.stdout().trimEnd())?.[0] ?? "" };
  }

  test("counts what passed and says loudly what was skipped, and for want of what", async () => {
    const skip = `require("node:fs").appendFileSync(process.env.RONDO_SKIP_REPORT ?? "", "skipped: pages (chromium): no Chromium\\n");`;
    const { code, output, counts } = await lastLines(`test("a", () => {}); test.skip("b", () => {}); ${skip}`);
    expect({ code, counts }).toEqual({ code: 0, counts: "1 passed, 0 failed, 1 skipped" });
    expect(output).toContain(
      "SKIPPED, for want of what this machine lacks:\n  ! skipped: pages (chromium): no Chromium\n",
    );
  });

  test("fails when a test fails", async () => {
    const { code, counts } = await lastLines(`test("a", () => {}); test("b", () => expect(1).toBe(2));`);
    expect({ code, counts }).toEqual({ code: 1, counts: "1 passed, 1 failed, 0 skipped" });
  });

  test("fails when something fails outside of any test", async () => {
    const { code, output, counts } = await lastLines(`test("a", () => {});`, `import "./missing.ts";`);
    expect({ code, counts }).toEqual({ code: 1, counts: "1 passed, 1 failed, 0 skipped" });
    expect(output).toContain("something failed outside of any test");
  });

  test("fails when the run ends before its end, even with code 0", async () => {
    const { code, output, counts } = await lastLines(`test("a", () => process.exit(0));`);
    expect({ code, counts }).toEqual({ code: 1, counts: "0 passed, 1 failed, 0 skipped" });
    expect(output).toContain("bun test did not come to its end");
  });

  test("fails when no test was run", async () => {
    const { code, output, counts } = await lastLines(`test.skip("a", () => {});`);
    expect({ code, counts }).toEqual({ code: 1, counts: "0 passed, 1 failed, 1 skipped" });
    expect(output).toContain("no test was run");
  });
});

test("a command that does not exist is refused with those that do", async () => {
  await using program = spawnProgram([node, command("run.mjs"), "strat"]);
  const { code } = await program.ended();
  expect(code).toBe(1);
  expect(program.stderr()).toStartWith('rondo: there is no command "strat"; there are start, dev, ');
});

describe("a command", () => {
  /** What `npm start` is, with another program in Rondo's place. */
  async function starter(child: string): Promise<string> {
    const path = await file("child.ts", child);
    const run = JSON.stringify([process.execPath, [path]]).slice(1, -1);
    return file(
      "starter.mjs",
      `import { run } from ${JSON.stringify(command("bootstrap.mjs"))};\nprocess.exitCode = await run(${run});`,
    );
  }
  const draining = `
    process.on("SIGTERM", () => { process.stdout.write("draining "); setTimeout(() => process.exit(7), 50); });
    setInterval(() => {}, 1000);
    process.stdout.write("up " + process.pid + " ");`;

  test("ends with the exit code of its child", async () => {
    await using program = spawnProgram([node, await starter("process.exit(3);")]);
    await program.expectExit(3);
  });

  test("ends with 128 and the signal that ended its child", async () => {
    await using program = spawnProgram([node, await starter(`process.kill(process.pid, "SIGKILL");`)]);
    await program.expectExit(137);
  });

  test("passes SIGTERM on once and waits for the child to drain", async () => {
    await using program = spawnProgram([node, await starter(draining)]);
    await program.line(/up (\d+)/);
    program.kill("SIGTERM");
    await program.expectExit(7);
    expect(program.stdout().match(/draining/g)?.length).toBe(1);
  });

  test("ends its child when npm is gone", async () => {
    const npm = await file(
      "npm.mjs",
      `
      import { spawn } from "node:child_process";
      spawn(process.execPath, [${JSON.stringify(await starter(draining))}], { stdio: "inherit", env: { ...process.env, npm_lifecycle_event: "start" } });`,
    );
    await using program = spawnProgram([node, npm]);
    const [, pid] = await program.line(/up (\d+)/);
    program.kill("SIGKILL");
    await program.ended();
    await waitFor(() => program.stdout().includes("draining"), { what: "the child to be told" });
    await waitFor(() => !isAlive(Number(pid)), { what: "the child to end" });
  });

  function isAlive(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
});
