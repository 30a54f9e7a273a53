import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "rondo-heap-"));
const program = join(folder, "program");
beforeAll(async () => {
  await Bun.build({
    entrypoints: [join(import.meta.dir, "fixtures/heap_program.ts")],
    target: "bun",
    compile: { outfile: program, autoloadDotenv: false, autoloadBunfig: false },
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts the compiled program, reads the line it says and ends it as a service manager does. */
async function run(args: readonly string[], env: Record<string, string>) {
  const child = Bun.spawn([program, ...args], { env, stdout: "pipe", stdin: "ignore" });
  const line = await child.stdout.getReader().read();
  child.kill("SIGTERM");
  const said = JSON.parse(new TextDecoder().decode(line.value));
  return { child: child.pid, code: await child.exited, said };
}

test("an executable keeps its heap small, as the same process with the same arguments and environment", async () => {
  const args = ["--name", "two words", "Zoë 🥛", ""];
  const env = { PATH: process.env.PATH ?? "", NOTE: "a=b\nc" };
  const { child, code, said } = await run(args, env);
  expect(said).toMatchObject({ pid: child, args, env: { ...env, BUN_JSC_forceRAMSize: "268435456" } });
  expect(code).toBe(7);
});

test("who has set the size decides", async () => {
  const { said } = await run([], { BUN_JSC_forceRAMSize: "1073741824" });
  expect(said.env).toMatchObject({ BUN_JSC_forceRAMSize: "1073741824" });
});
