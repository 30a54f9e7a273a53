import { describe, expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { type } from "arktype";
import { echo } from "./fixtures/echo.ts";
import { baseApp } from "./index.ts";

const newThing = type({
  title: type("1 <= string <= 5").pipe((text) => text.normalize("NFC")),
  "count?": "number.integer >= 1",
  "priority?": "'low' | 'high'",
  "due_date?": "string | null",
  "done?": "boolean",
  "list?": "string[]",
  "inner?": { name: "string" },
});

const app = baseApp({ service: "test", metrics: createMetrics(), trustedOrigin: "http://x" });
const search = type({ "limit?": type("string.integer.parse").to("1 <= number <= 200"), "q?": "string" });
echo(app, "/things", { body: newThing, query: search });
echo(app, "/optional", { body: type({ "a?": "string" }) });
echo(app, "/things/:id", {});

async function post(content: string, path = "/things") {
  const headers = { "content-type": "application/json" };
  const response = await app.request(path, { method: "POST", headers, body: content });
  return { status: response.status, ...(await response.json()) };
}

const send = (value: unknown) => post(JSON.stringify(value));
const pointers = (problem: { errors: { pointer: string }[] }) => problem.errors.map(({ pointer }) => pointer).sort();

describe("bodies", () => {
  test("a valid body arrives as the schema's output", async () => {
    expect(await send({ title: "a\u0308" })).toMatchObject({ status: 200, title: "ä" });
  });

  test("every wrong field is named at once, with a fix in plain words", async () => {
    const problem = await send({
      title: "",
      count: 1.5,
      priority: "x",
      due_date: 3,
      done: "yes",
      list: ["a", 1],
      inner: { name: 1, extra: 1 },
      dueDate: "x",
      "a/b~c": 1,
    });
    expect(problem.status).toBe(422);
    const details = Object.fromEntries(
      problem.errors.map((each: { pointer: string; detail: string }) => [each.pointer, each.detail]),
    );
    expect(details).toEqual({
      "/title": "Must not be empty.",
      "/count": "Must be a whole number.",
      "/priority": 'Must be "high" or "low".',
      "/due_date": "Must be a string or null.",
      "/done": "Must be false or true.",
      "/list/1": "Must be a string, not a number.",
      "/inner/name": "Must be a string, not a number.",
      "/inner/extra": '"extra" is not known here. Remove it.',
      "/dueDate": '"dueDate" is not known here. Did you mean "due_date"?',
      "/a~1b~0c": '"a/b~c" is not known here. Remove it.',
    });
  });

  test("lengths are told, values are not echoed", async () => {
    const long = await send({ title: "secret-words", count: 0 });
    expect(long.errors).toEqual([
      { pointer: "/title", detail: "Must have at most 5 characters (it has 12)." },
      { pointer: "/count", detail: "Must be at least 1." },
    ]);
    expect(JSON.stringify(await send({ title: "a", priority: "secret" }))).not.toContain("secret");
  });

  test("a missing field is named", async () => {
    expect((await send({})).errors).toEqual([{ pointer: "/title", detail: "Required: a string." }]);
  });

  test.each(["[]", "null", '"text"', "3", "true"])("%s is no object, even where all is optional", async (json) => {
    const problem = await post(json, "/optional");
    expect(problem).toMatchObject({ status: 422, errors: [{ pointer: "" }] });
  });

  test("__proto__ and constructor are fields that nobody knows, and pollute nothing", async () => {
    const problem = await post('{"title":"a","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    expect(problem.status).toBe(422);
    expect(pointers(problem)).toEqual(["/__proto__", "/constructor"]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("NUL and lone surrogates are refused with their place, beside the other errors", async () => {
    const problem = await post('{"title":"a\\u0000b","due_date":"\\ud800","count":0}');
    expect(problem.status).toBe(422);
    expect(pointers(problem)).toEqual(["/count", "/due_date", "/title"]);
  });

  test("a text of 1 MB is refused by its length, not by a crash", async () => {
    expect(await send({ title: "x".repeat(1_000_000) })).toMatchObject({
      status: 422,
      errors: [{ pointer: "/title" }],
    });
  });
});

describe("queries", () => {
  const ask = async (search: string) => {
    const response = await app.request(`/things${search}`);
    return { status: response.status, ...(await response.json()) };
  };

  test("values are parsed by the schema", async () => {
    expect(await ask("?limit=10&q=a%20b")).toEqual({ status: 200, limit: 10, q: "a b" });
    expect(await ask("")).toEqual({ status: 200 });
  });

  test("unknown, repeated and wrong parameters are named at once", async () => {
    const problem = await ask("?limit=0&Limit=3&q=a&q=b&__proto__=x");
    expect(problem.status).toBe(422);
    expect(problem.errors).toEqual([
      { pointer: "query:Limit", detail: '"Limit" is not known here. Did you mean "limit"?' },
      { pointer: "query:__proto__", detail: '"__proto__" is not known here. Remove it.' },
      { pointer: "query:limit", detail: "Must be at least 1." },
      { pointer: "query:q", detail: "Give this once only." },
    ]);
  });

  test.each(["?limit=x", "?limit=1.5", "?limit=201", "?limit=", "?q=%00", "?q=%ff"])(
    "%s is refused",
    async (search) => {
      expect((await ask(search)).status).toBe(422);
    },
  );
});

test("an id that is no id is the same 404 as a missing thing", async () => {
  for (const id of ["1", "x'--", "%00", "%ff", "..%2f", "0192f8a0-0000-7000-8000-00000000000g"]) {
    const response = await app.request(`/things/${id}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      type: "/problems/not_found",
      detail: "There is no such thing here.",
    });
  }
});
