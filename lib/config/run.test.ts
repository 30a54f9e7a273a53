import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { httpGroup } from "./groups.ts";
import { markdownTable } from "./help.ts";
import { expectTableCurrent } from "./table.ts";

const program = `
  import { engineGroup, httpGroup, runMain } from ${JSON.stringify(join(import.meta.dir, "index.ts"))};
  await runMain({ name: "rondo-test", description: "A test.", known: ["RONDO_LOG_LEVEL"], sidecarWithinMs: 100 }, { ...httpGroup, ...engineGroup }, process.env, process.argv.slice(1), async (config) => {
    if (config.port === 1) throw new Error("port 1 is\\n  taken");
    setInterval(() => {}, 1000);
    process.stdout.write("port " + config.port);
  });`;

async function run(env: Record<string, string>, ...argv: string[]) {
  const child = Bun.spawn([process.execPath, "-e", program, "--", ...argv], { env, stdout: "pipe", stderr: "pipe" });
  const [code, stdout, stderr] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code, stdout, stderr };
}

describe("runMain", () => {
  test("--help lists every variable and exits 0, even in a wrong environment", async () => {
    const { code, stdout, stderr } = await run({ RONDO_PORT: "x" }, "--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toStartWith("rondo-test: A test.\n");
    for (const { name, description } of Object.values(httpGroup))
      expect(stdout).toContain(`  ${name}\n      ${description}\n`);
  });

  test("a secret store that is not there is one line among those of all other mistakes", async () => {
    const sidecar = { RONDO_ENGINE: "dapr", RONDO_SIDECAR_URL: "http://127.0.0.1:1", DAPR_API_TOKEN: "a" };
    const { code, stderr } = await run({ ...sidecar, RONDO_SECRET_STORE: "secrets", RONDO_PORT: "x" });
    expect(code).toBe(1);
    const lines = stderr.trimEnd().split("\n");
    expect(lines[0]).toStartWith('rondo-test: RONDO_SECRET_STORE is "secrets", but the sidecar at http://127.0.0.1:1');
    expect(lines[1]).toStartWith("rondo-test: RONDO_PORT must be");
    expect(lines).toHaveLength(2);
  });

  test("a wrong environment is one line per mistake and exit 1", async () => {
    const { code, stdout, stderr } = await run({ RONDO_PORT: "x", RONDO_HOTS: "x" });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^rondo-test: RONDO_PORT must be/),
      "rondo-test: RONDO_HOTS is not a variable of this program; did you mean RONDO_HOST?",
    ]);
  });

  test("a failure to start is one line and exit 1", async () => {
    expect(await run({ RONDO_PORT: "1" })).toEqual({ code: 1, stdout: "", stderr: "rondo-test: port 1 is taken\n" });
  });

  test("its stack is there for who asks for it", async () => {
    const { stderr } = await run({ RONDO_PORT: "1", RONDO_LOG_LEVEL: "debug" });
    expect(stderr).toMatch(/error: port 1 is[\s\S]*\n +at /);
  });

  test("a word that it does not understand is refused", async () => {
    const { code, stderr } = await run({}, "--nothing");
    expect(code).toBe(1);
    expect(stderr).toStartWith('rondo-test: "--nothing" is not understood');
  });

  test("the process ends with main, whatever is still open", async () => {
    expect(await run({ RONDO_PORT: "2" })).toEqual({ code: 0, stdout: "port 2", stderr: "" });
  });
});

describe("expectTableCurrent", () => {
  test("a stale table fails and is written anew; a current one passes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rondo-table-"));
    const document = pathToFileURL(join(folder, "README.md"));
    try {
      await Bun.write(document, "# A\n\n<!-- configuration -->\nold\n<!-- /configuration -->\n\nrest\n");
      await expect(expectTableCurrent(document, httpGroup)).rejects.toThrow("was stale");
      await expectTableCurrent(document, httpGroup);
      expect(await Bun.file(document).text()).toBe(
        `# A\n\n<!-- configuration -->\n\n${markdownTable(httpGroup)}\n<!-- /configuration -->\n\nrest\n`,
      );
      await Bun.write(document, "no marks");
      await expect(expectTableCurrent(document, httpGroup)).rejects.toThrow("lacks the lines");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
