import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createLineWriter } from "./writer.ts";

/** Logging is of a whole process, so each test has one. Answers its standard output, line by line. */
async function linesOf(program: string): Promise<readonly string[]> {
  const index = JSON.stringify(join(import.meta.dir, "index.ts"));
  const source = `import { continueTrace, getLog, setupLogging, span, withContext } from ${index};\n${program}`;
  const child = Bun.spawn([process.execPath, "-e", source], { stdout: "pipe", stderr: "inherit", env: {} });
  const text = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  return text.split("\n").filter(Boolean);
}

const json = `setupLogging({ service: "test", level: "info", format: "json" });`;

describe("the log", () => {
  test("a line is JSON with time, level, service, category, message, the ids of its context and its fields", async () => {
    const [line = "", more] = await linesOf(`${json}
      await withContext({ request_id: "r1", workspace_id: "w1" }, () =>
        continueTrace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "test", () =>
          Promise.resolve().then(() => getLog("http").info("served {status}", { status: 200, title: "Buy milk" }))));`);
    expect(more).toBeUndefined();
    expect(JSON.parse(line)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: "info",
      service: "test",
      category: "http",
      message: "served {status}",
      request_id: "r1",
      workspace_id: "w1",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      span_id: "b7ad6b7169203331",
      status: 200,
      title: "[redacted]",
    });
  });

  test("lines below the level are not written, and a line without a context carries no ids", async () => {
    const lines = await linesOf(
      `${json} const log = getLog("a"); log.debug("1"); log.warn("2"); log.error("3", { error: new Error("e") });`,
    );
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(["warning", "error"]);
    expect(JSON.parse(lines[0] ?? "").request_id).toBeUndefined();
    expect(JSON.parse(lines[1] ?? "").error).toMatchObject({ type: "Error", message: "e" });
  });

  test("nothing is lost when the process exits right after a line", async () => {
    const lines = await linesOf(
      `${json} for (let i = 0; i < 5000; i += 1) getLog("a").info("line", { i }); process.exit(0);`,
    );
    expect(lines.length).toBe(5000);
    expect(JSON.parse(lines.at(-1) ?? "").i).toBe(4999);
  });

  test("pretty is for people and as discreet", async () => {
    const lines = await linesOf(`setupLogging({ service: "test", level: "debug", format: "pretty" });
      withContext({ request_id: "r1" }, () => getLog("http").debug("hello", { notes: "Buy milk", status: 200 }));`);
    const text = Bun.stripANSI(lines.join("\n"));
    for (const part of ["http", "hello", "request_id", "r1", "200", "[redacted]"]) expect(text).toContain(part);
    expect(text).not.toContain("Buy milk");
  });
});

describe("the writer", () => {
  test("a reader that does not keep up gets every byte later, in order", async () => {
    const taken: Buffer[] = [];
    let calls = 0;
    const writer = createLineWriter(1, (_fd, bytes) => {
      calls += 1;
      if (calls % 2 === 0) throw Object.assign(new Error("again"), { code: "EAGAIN" });
      taken.push(Buffer.from(bytes.subarray(0, 3)));
      return Math.min(3, bytes.length);
    });
    writer.write("añb\n");
    writer.write("cdé\n");
    writer.close();
    expect(Buffer.concat(taken).toString()).toBe("añb\ncdé\n");
  });

  test("a reader that is gone, or never reads, costs a bounded amount of memory", () => {
    let most = 0;
    const stuck = createLineWriter(1, (_fd, bytes) => {
      most = Math.max(most, bytes.length);
      throw Object.assign(new Error("gone"), { code: "EPIPE" });
    });
    const line = `${"x".repeat(1024 * 1024 - 1)}\n`;
    for (let count = 0; count < 40; count += 1) stuck.write(line);
    stuck.close();
    expect(most).toBe(16 * 1024 * 1024);
  });
});
