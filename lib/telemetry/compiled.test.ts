import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCollector } from "./collector.ts";

const program = `
  import { continueTrace, createMetrics, getLog, setupLogging, setupTracing } from ${JSON.stringify(join(import.meta.dir, "index.ts"))};
  const [, , endpoint, format] = process.argv;
  setupLogging({ service: "compiled", level: "info", format });
  const tracing = setupTracing({ endpoint, service: "compiled" });
  const metrics = createMetrics();
  continueTrace(undefined, "work", () => {
    metrics.counter("rondo_work_total", "Work.").inc();
    getLog("work").error("failed", { error: new Error("rondo_pat_1"), title: "Buy milk" });
  });
  await tracing.shutdown();
  getLog("work").info("counted", { lines: (await metrics.render()).split("\\n").filter((line) => line === "rondo_work_total 1").length });`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rondo-telemetry-"));
  const source = join(folder, "program.ts");
  await Bun.write(source, program);
  await mkdir(join(folder, "empty"));
  await Bun.build({
    entrypoints: [source],
    minify: true,
    sourcemap: "linked",
    compile: { outfile: join(folder, "program"), autoloadDotenv: false, autoloadBunfig: false },
  });
});

afterAll(() => rm(folder, { recursive: true }));

async function run(endpoint: string, format: string): Promise<string> {
  const child = Bun.spawn([join(folder, "program"), endpoint, format], {
    cwd: join(folder, "empty"),
    env: {},
    stdout: "pipe",
  });
  const text = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  return text;
}

test("logs, metrics and traces work in a minified executable with nothing beside it", async () => {
  const collector = startCollector();
  try {
    const [failed, counted] = (await run(collector.url, "json")).split("\n");
    expect(JSON.parse(counted ?? "")).toMatchObject({ service: "compiled", message: "counted", lines: 1 });
    const [work] = collector.spans();
    expect(work).toMatchObject({ name: "work" });
    expect(JSON.parse(failed ?? "")).toMatchObject({
      category: "work",
      level: "error",
      trace_id: work?.traceId,
      title: "[redacted]",
      error: { type: "Error", message: "[redacted]", stack: expect.stringContaining("program.ts") },
    });
    const pretty = Bun.stripANSI(await run(collector.url, "pretty"));
    expect(pretty).toContain("failed");
    expect(pretty).not.toContain("Buy milk");
  } finally {
    await collector.stop();
  }
});
