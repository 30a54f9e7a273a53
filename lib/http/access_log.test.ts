import { afterEach, expect, test } from "bun:test";
import { type Program, spawnProgram, waitFor } from "@rondo/testing";

let program: Program | undefined;
afterEach(() => program?.[Symbol.asyncDispose]());

interface Line {
  readonly message: string;
  readonly request_id?: string;
}

async function start() {
  const fixture = `${import.meta.dir}/fixtures/server.ts`;
  const started = spawnProgram([process.execPath, fixture], { env: { LOGGED: "1" } });
  program = started;
  const [, port] = await started.line(/listening on (\d+)/);
  const lines = (): Line[] => {
    const whole = started.stdout().split("\n").slice(0, -1);
    return whole.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  };
  return { url: `http://127.0.0.1:${port}`, lines, output: started.output };
}

test("each request is one line: method, pattern, status, time and ids, and nothing that somebody sent", async () => {
  const { url, lines, output } = await start();
  const headers = { authorization: "Bearer secret-1", cookie: "session=secret-2", "x-request-id": "secret-3" };
  const trace = "0af7651916cd43dd8448eb211c80319c";
  const response = await fetch(`${url}/?token=secret-4&ms=0`, {
    headers: { ...headers, traceparent: `00-${trace}-b7ad6b7169203331-01` },
  });
  await fetch(`${url}/secret-5/x`, { method: "POST", body: "secret-6" });
  await waitFor(() => lines().length === 2, { what: "two lines" });
  expect(lines()[0]).toMatchObject({
    level: "info",
    message: "request",
    method: "GET",
    route: "/",
    status: 200,
    ms: expect.any(Number),
    request_id: response.headers.get("x-request-id"),
    trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(output()).not.toContain(trace);
  expect(lines()[1]).toMatchObject({ method: "POST", route: "none", status: 404 });
  expect(output()).not.toContain("secret-");
});

test("the cause of a 500 is logged once, with the id that its reader was told", async () => {
  const { url, lines } = await start();
  const response = await fetch(`${url}/fails`);
  const problem = await response.json();
  await waitFor(() => lines().some(({ message }) => message === "request"), { what: "the request's line" });
  const failures = lines().filter(({ message }) => message === "a request failed");
  expect(failures.length).toBe(1);
  expect(failures[0]).toMatchObject({
    level: "error",
    request_id: problem.request_id,
    error: { message: "the cause of it" },
  });
  expect(JSON.stringify(problem)).not.toContain("cause");
});
