import { describe, expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { baseApp } from "./base_app.ts";
import { requireForm } from "./require_form.ts";

const app = baseApp({
  service: "test",
  metrics: createMetrics(),
  trustedOrigin: "http://localhost",
  bodyLimit: 10_000,
});
app.use(requireForm());
app.post("/form", async (c) => c.json(await c.req.parseBody({ all: true })));

const send = (body: BodyInit | undefined, type?: string) =>
  app.request("/form", {
    method: "POST",
    ...(body !== undefined && { body }),
    ...(type !== undefined && { headers: { "content-type": type } }),
  });
const part = (headers: string, text: string) => `--x\r\n${headers}\r\n\r\n${text}\r\n`;
const title = 'content-disposition: form-data; name="title"';
const multipart = "multipart/form-data; boundary=x";

test("both kinds of form are read, and an input that is sent twice has both texts", async () => {
  expect(await (await send(new URLSearchParams("a=1&b=2&a=é%20+"))).json()).toEqual({ a: ["1", "é  "], b: "2" });
  const form = new FormData();
  form.append("a", "1");
  form.append("a", "two\r\nlines");
  expect(await (await send(form)).json()).toEqual({ a: ["1", "two\r\nlines"] });
  expect(await (await send(undefined)).json()).toEqual({});
  expect(await (await send("", "application/x-www-form-urlencoded")).json()).toEqual({});
});

describe("a form that cannot be read is 400:", () => {
  const malformed: readonly [string, BodyInit, string][] = [
    ["a body that is no multipart", "title=x", multipart],
    ["another boundary than announced", `--y\r\n${title}\r\n\r\nx\r\n--y--\r\n`, multipart],
    ["no boundary", `${part(title, "x")}--x--\r\n`, "multipart/form-data"],
    ["one that ends too early", part(title, "x").slice(0, -4), multipart],
    ["an end without a beginning", "--x--", "multipart/form-data; boundary=y"],
    ["a file where a text is meant", `${part(`${title}; filename="a.txt"`, "x")}--x--\r\n`, multipart],
  ];
  test.each(malformed)("%s", async (_, body, type) => {
    const answer = await send(body, type);
    expect([answer.status, (await answer.json()).title]).toEqual([400, "The request could not be read"]);
  });
});

test("a form that grows too large while it is read is 413", async () => {
  const answer = await app.request("/form", {
    method: "POST",
    headers: { "content-type": multipart, "transfer-encoding": "chunked" },
    body: new Blob([part(title, "x".repeat(20_000)), "--x--\r\n"]).stream(),
  });
  expect(answer.status).toBe(413);
});

test.each(["application/json", "text/plain", "application/x-www-form-urlencodedly"])(
  "%s is no form: 415",
  async (type) => {
    expect((await send('{"title":"x"}', type)).status).toBe(415);
  },
);
