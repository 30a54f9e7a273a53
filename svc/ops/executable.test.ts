import { afterAll, beforeAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { builtExecutables } from "@rondo/scripts/executables";
import { createTestDatabase, describeWith, spawnProgram, temporaryFolder } from "@rondo/testing";
import type { Finding } from "./doctor/finding.ts";
import { testBrokers } from "./kafka.fixture.ts";

let folder: string;
let path: string;
beforeAll(async () => {
  folder = temporaryFolder("ops");
  path = join(await builtExecutables(["ops"]), "ops");
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(words: readonly string[], env: Record<string, string> = {}) {
  await using program = spawnProgram([path, ...words], { cwd: folder, env });
  const { code } = await program.ended(30_000);
  return { code, output: program.stdout(), complaint: program.stderr() };
}

test("the executable needs nothing beside it, and refuses what it does not know", async () => {
  const help = await run(["--help"]);
  expect(help).toMatchObject({ code: 0, complaint: "" });
  expect(help.output).toContain("Usage: rondo-ops COMMAND");
  expect(await run(["topics", "--chek"], { RONDO_KAFKA_BROKERS: "127.0.0.1:1" })).toMatchObject({
    code: 2,
    complaint: "rondo-ops: --chek is not an option of this command; did you mean --check?\n",
  });
});

test("it adds to a file that it is sent to, and does not mind a reader who has seen enough", async () => {
  const shell = async (script: string) => {
    await using program = spawnProgram(["sh", "-c", script], { cwd: folder });
    const { code } = await program.ended(30_000);
    return { code, output: program.stdout(), complaint: program.stderr() };
  };
  const logged = await shell(`echo before > log; ${path} --help >> log 2>&1; ${path} nothing >> log 2>&1; cat log`);
  expect(logged.output).toMatch(/^before\nrondo-ops: looks after[\s\S]*rondo-ops: "nothing" is not a command/);
  expect(await shell(`${path} topics --help | head -n 1`)).toMatchObject({ code: 0, complaint: "" });
});

test("it brings a database up to date", async () => {
  await using database = await createTestDatabase();
  expect(await run(["migrate"], { DATABASE_URL: database.url })).toMatchObject({ code: 0, complaint: "" });
  expect((await run(["outbox", "--json"], { DATABASE_URL: database.url })).code).toBe(0);
});

test("it asks a sidecar with Dapr's client inside it, which prints nothing", async () => {
  let status = 200;
  using sidecar = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    routes: {
      "/v1.0/healthz": () => new Response(null, { status: 204 }),
      "/v1.0/metadata": () => Response.json({ id: "web", runtimeVersion: "1.18.2" }, { status }),
    },
  });
  const away = { DATABASE_URL: "postgres://rondo@127.0.0.1:1/rondo", RONDO_KAFKA_BROKERS: "127.0.0.1:1" };
  const consult = async (): Promise<Finding[]> => {
    const { output, complaint } = await run(["doctor", "--json"], { ...away, RONDO_SIDECAR_URL: sidecar.url.href });
    expect(complaint).toBe("");
    return JSON.parse(output).findings;
  };
  expect(await consult()).toContainEqual({ check: "sidecar app-id", state: "ok", says: "web" });
  status = 401;
  expect(await consult()).toContainEqual(expect.objectContaining({ check: "sidecar metadata", state: "fail" }));
});

describeWith("kafka", "the executable on Kafka", () => {
  test("it makes the topics, reads them, and prints no warnings of its libraries", async () => {
    const env = { RONDO_KAFKA_BROKERS: await testBrokers() };
    for (const words of [["topics"], ["lag"], ["groups"], ["dead", "list"]])
      expect(await run(words, env)).toMatchObject({ code: 0, complaint: "" });
  });
});
