import { expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { type } from "arktype";
import { echo } from "./fixtures/echo.ts";
import { baseApp } from "./index.ts";

const app = baseApp({ service: "test", metrics: createMetrics(), trustedOrigin: "http://x" });
const newThing = type({ title: "string", "inner?": { name: "string" } });
echo(app, "/things", { body: newThing });

async function post(content: string | Uint8Array<ArrayBuffer>, contentType = "application/json") {
  const headers = { "content-type": contentType };
  const response = await app.request("/things", { method: "POST", headers, body: content });
  return { status: response.status, ...(await response.json()) };
}

test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx", ""])(
  "%p is refused as a content type",
  async (contentType) => {
    expect((await post("{}", contentType)).status).toBe(415);
  },
);

test.each(["application/json", "application/json; charset=utf-8", "application/merge-patch+json", "APPLICATION/JSON"])(
  "%p is taken",
  async (contentType) => {
    expect((await post('{"title":"a"}', contentType)).status).toBe(200);
  },
);

test("malformed JSON is 400 with its place", async () => {
  const problem = await post('{"title":\n  "a",}');
  expect(problem.status).toBe(400);
  expect(problem.detail).toContain("line 2, column 7");
});

test("what is not UTF-8 is 400, not silently repaired", async () => {
  const bytes = new TextEncoder().encode('{"title":"a"}');
  bytes[10] = 0xff;
  expect((await post(bytes)).status).toBe(400);
});

test("deep nesting is 400 and costs no stack", async () => {
  const deep = (levels: number) => `${'{"inner":'.repeat(levels)}1${"}".repeat(levels)}`;
  expect((await post(deep(32))).status).toBe(422);
  expect((await post(deep(33))).status).toBe(400);
  expect((await post("[".repeat(500_000) + "]".repeat(500_000))).status).toBe(400);
  expect((await post("[".repeat(1_000_000))).status).toBe(400);
});

test("a flood of fields is refused before it costs time, and the answer stays small", async () => {
  const fields = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 1])));
  expect((await post(fields(10_001))).status).toBe(400);
  const problem = await post(fields(5_000));
  expect(problem.status).toBe(422);
  expect(problem.errors.length).toBe(101);
  expect(problem.errors.at(-1).detail).toContain("more errors");
});

test("of a name given twice the last counts, as everywhere in JavaScript", async () => {
  expect(await post('{"title":"a","title":"b"}')).toMatchObject({ status: 200, title: "b" });
});
