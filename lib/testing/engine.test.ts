import { expect, test } from "bun:test";
import { join } from "node:path";
import { spawnProgram, temporaryFolder } from "./index.ts";

/** Runs a test file for an engine that is never in this PATH. */
async function run(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const bare = temporaryFolder("path");
  await using program = spawnProgram(
    [process.execPath, "test", join(import.meta.dir, "fixtures", "needs_chromium.ts")],
    {
      cwd: bare,
      env: { PATH: bare, ...env },
    },
  );
  const { code } = await program.ended();
  return { code, output: program.output() };
}

test("tests whose engine is missing are skipped loudly, and the report says what and why", async () => {
  const report = join(temporaryFolder("report"), "skipped");
  const { code, output } = await run({ RONDO_SKIP_REPORT: report });
  const line = "skipped: pages (chromium): this needs a Chromium in PATH\n";
  expect(code).toBe(0);
  expect(output).toContain(line);
  expect(output).toContain("1 skip");
  expect(output).not.toContain("ran with");
  expect(await Bun.file(report).text()).toBe(line);
});

test("where engines are required, a missing one fails with the reason", async () => {
  const { code, output } = await run({ RONDO_REQUIRE_ENGINES: "1" });
  expect(code).not.toBe(0);
  expect(output).toContain("engines are required here, but this needs a Chromium in PATH");
});

test("tests whose engine is there run with its path", async () => {
  const bin = temporaryFolder("bin");
  await Bun.write(join(bin, "chromium"), "#!/bin/sh\n");
  await Bun.$`chmod 755 ${join(bin, "chromium")}`;
  const { code, output } = await run({ PATH: bin });
  expect(output).toContain(`ran with ${join(bin, "chromium")}`);
  expect(code).toBe(0);
});
