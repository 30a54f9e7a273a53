import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { pointersOf, type Site, startSite } from "./testing/site.ts";

let site: Site;
let task = "";
let project = "";
beforeAll(async () => {
  site = await startSite();
  const make = async (path: string, body: object) =>
    (await site.ask(site.ada, "POST", path, { body })).json<{ id: string }>().id;
  task = `/api/v1/tasks/${await make("/api/v1/tasks", { title: "Mine", notes: "Mine" })}`;
  project = `/api/v1/projects/${await make("/api/v1/projects", { name: "Mine" })}`;
});
afterAll(() => site.close());

const account = (name: string) => ({ name, email: `${crypto.randomUUID()}@example.org`, password: "correct horse" });

/** Every field of text that a person fills in: how it is sent, and where the refusal points. */
const fields: readonly (readonly [string, (text: string) => readonly [string, string, object], string])[] = [
  ["the title of a new task", (title) => ["POST", "/api/v1/tasks", { title }], "/title"],
  ["the notes of a new task", (notes) => ["POST", "/api/v1/tasks", { title: "x", notes }], "/notes"],
  ["a task's title", (title) => ["PATCH", task, { title }], "/title"],
  ["a task's notes", (notes) => ["PATCH", task, { notes }], "/notes"],
  ["the name of a new project", (name) => ["POST", "/api/v1/projects", { name }], "/name"],
  ["a project's name", (name) => ["PATCH", project, { name }], "/name"],
  ["a token's name", (name) => ["POST", "/api/v1/tokens", { name, scopes: ["tasks:read"] }], "/name"],
  ["a person's name", (name) => ["POST", "/api/auth/sign-up/email", account(name)], "/name"],
];

const refusedTexts: readonly (readonly [string, string])[] = [
  ["NUL", "a\0b"],
  ["a bell", "a\u0007b"],
  ["an escape", "a\u001b[31mb"],
  ["a C1 control", "a\u0085b"],
  ["a lone high surrogate", "a\ud800b"],
  ["a lone low surrogate", "a\udc00b"],
  ["surrogates the wrong way round", "\udc00\ud800"],
  ["a right-to-left override", "a\u202eb"],
  ["a left-to-right embedding", "a\u202ab"],
  ["an isolate", "a\u2066b"],
  ["50,000 combining marks", "\u0345\u0301".repeat(25_000)],
  ["31 combining marks", `a${"\u0301".repeat(31)}`],
  ["a million letters", "x".repeat(1_000_000)],
];

describe.each(fields)("%s", (_, request, pointer) => {
  test.each(refusedTexts)("refuses %s", async (_, text) => {
    const [method, path, body] = request(text);
    const answer = await site.ask(undefined, method, path, {
      // Escaped, as half a surrogate pair has no bytes.
      body: JSON.stringify(body),
      headers: { cookie: site.ada.cookie },
    });
    expect(answer.status).toBe(422);
    expect(pointersOf(answer)).toEqual([pointer]);
    expect(answer.text.length).toBeLessThan(1_000);
  });

  test("takes what only looks unusual", async () => {
    const [method, path, body] = request("שלום עולם 👩‍👩‍👧 Ünïcödé <b>&amp;");
    expect((await site.ask(site.eve, method, path, { body })).status).toBeLessThan(405);
    expect((await site.ask(site.ada, method, path, { body })).status).toBeOneOf([200, 201]);
  });
});

test.each(["sign-up", "sign-in"])(
  "a password of too many combining marks in a row is refused at %s, and why",
  async (way) => {
    const body = { email: "ada@example.org", password: `password${"\u0301".repeat(31)}` };
    const answer = await site.ask(undefined, "POST", `/api/auth/${way}/email`, {
      body: way === "sign-up" ? { ...body, name: "Ada" } : body,
    });
    const { errors } = answer.json<{ errors: object }>();
    expect([answer.status, errors]).toEqual([
      422,
      [{ pointer: "/password", detail: "Must be text with at most 30 combining marks in a row." }],
    ]);
  },
);

test("an edit that meets a newer version is refused for its text before it is compared with it", async () => {
  const title = "\u0345\u0301".repeat(25_000);
  const body = new URLSearchParams({ field: "title", title, version: "1", was: "x" });
  const answer = await site.ask(site.ada, "POST", task.replace("/api/v1", ""), { body });
  expect(answer.status).toBe(422);
});

test("a form's text is held to the same rules, and comes back as it was typed", async () => {
  for (const title of ["a\0b", "a\u202eb", "x".repeat(501)]) {
    const answer = await site.ask(site.ada, "POST", "/tasks", { body: new URLSearchParams({ title }) });
    expect(answer.status).toBe(422);
    expect(answer.headers.get("content-type")).toStartWith("text/html");
  }
  const huge = new URLSearchParams({ title: "x".repeat(1_100_000) });
  expect((await site.ask(site.ada, "POST", "/tasks", { body: huge })).status).toBe(413);
});

const noDates = [
  "2026-02-30",
  "2026-02-29",
  "2026-13-01",
  "2026-00-10",
  "2026-1-1",
  "9999-12-31",
  "0000-01-01",
  "1969-12-31",
];

describe("a day that is not, or not of our time,", () => {
  test.each([...noDates, "+012026-01-01", "2026-01-01T00:00:00Z", "tomorrow", "", "2026-01-01\0"])(
    "%p",
    async (day) => {
      for (const [method, path, body] of [
        ["POST", "/api/v1/tasks", { title: "x", due_date: day }],
        ["PATCH", task, { due_date: day }],
      ] as const) {
        const answer = await site.ask(site.ada, method, path, { body });
        expect([answer.status, pointersOf(answer)]).toEqual([422, ["/due_date"]]);
      }
      const asked = await site.ask(site.ada, "GET", `/api/v1/tasks?due_before=${encodeURIComponent(day)}`);
      expect([asked.status, pointersOf(asked)]).toEqual([422, ["query:due_before"]]);
      const form = new URLSearchParams({ field: "due", due_date: day || "x", version: "1" });
      expect((await site.ask(site.ada, "POST", task.replace("/api/v1", ""), { body: form })).status).toBe(422);
    },
  );

  test.each(["10000-01-01T00:00:00Z", "+010000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "soon"])(
    "is no end for a token, nor a bound of the trail: %p",
    async (moment) => {
      const body = { name: "x", scopes: ["tasks:read"], expires_at: moment };
      const made = await site.ask(site.ada, "POST", "/api/v1/tokens", { body });
      expect([made.status, pointersOf(made)]).toEqual([422, ["/expires_at"]]);
      const trail = await site.ask(site.ada, "GET", `/api/v1/audit?from=${encodeURIComponent(moment)}`);
      expect([trail.status, pointersOf(trail)]).toEqual([422, ["query:from"]]);
    },
  );
});

test("nothing that was refused is there", async () => {
  const kept = await site.ask(site.ada, "GET", task);
  expect(kept.json<{ due_date: string | null }>().due_date).toBeNull();
  const titles = (await site.ask(site.ada, "GET", "/api/v1/tasks")).json<{ items: { title: string }[] }>();
  expect(titles.items.map(({ title }) => title)).not.toContain("a");
  for (const { title } of titles.items) expect(title).toMatch(/^(Mine|x|שלום.*)$/u);
});
