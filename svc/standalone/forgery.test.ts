import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { pointersOf, type Site, startSite } from "./testing/site.ts";

let site: Site;
let task = "";
let project = "";
beforeAll(async () => {
  site = await startSite();
  const make = async (path: string, body: object) =>
    (await site.ask(site.ada, "POST", path, { body })).json<{ id: string }>().id;
  task = `/api/v1/tasks/${await make("/api/v1/tasks", { title: "Mine" })}`;
  project = `/api/v1/projects/${await make("/api/v1/projects", { name: "Mine" })}`;
});
afterAll(() => site.close());

const decided = ["id", "workspace_id", "created_by", "version", "created_at", "completed_at", "position", "deleted_at"];

describe("nobody chooses what the server decides:", () => {
  test.each(decided)("%s of a task or project", async (field) => {
    const forged = { [field]: field === "version" ? 7 : newId() };
    for (const [method, path, body] of [
      ["POST", "/api/v1/tasks", { title: "Forged" }],
      ["PATCH", task, {}],
      ["POST", "/api/v1/projects", { name: "Forged" }],
      ["PATCH", project, {}],
    ] as const) {
      const answer = await site.ask(site.ada, method, path, { body: { ...body, ...forged } });
      expect({ path, status: answer.status }).toEqual({ path, status: 422 });
      expect(pointersOf(answer)).toEqual([`/${field}`]);
    }
  });

  test.each(["id", "workspace_id", "user_id", "token", "token_sha256"])("%s of a token", async (field) => {
    const body = { name: "Forged", scopes: ["tasks:read"], [field]: newId() };
    const answer = await site.ask(site.ada, "POST", "/api/v1/tokens", { body });
    expect([answer.status, pointersOf(answer)]).toEqual([422, [`/${field}`]]);
  });

  test.each(["id", "role", "email_verified", "emailVerified", "workspace_id"])("%s of an account", async (field) => {
    const body = { name: "Mal", email: "mal@example.org", password: "correct horse battery", [field]: true };
    const answer = await site.ask(undefined, "POST", "/api/auth/sign-up/email", { body });
    expect([answer.status, pointersOf(answer)]).toEqual([422, [`/${field}`]]);
  });

  test("a form's further fields are nobody's", async () => {
    const fields = {
      title: "By form",
      workspace_id: site.eve.workspace_id,
      created_by: site.eve.user_id,
      version: "7",
    };
    const answer = await site.ask(site.ada, "POST", "/tasks", { body: new URLSearchParams(fields) });
    expect(answer.status).toBe(303);
    const [row] = await site.database.sql`
      select workspace_id, created_by, version from api.task where title = 'By form'`;
    expect(row).toMatchObject({ workspace_id: site.ada.workspace_id, created_by: site.ada.user_id, version: 1 });
  });
});

const foreign = [
  { origin: "https://example.org" },
  { origin: "null" },
  { origin: "http://localhost:1" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
] as const;

describe("another site's page does nothing in a visitor's name:", () => {
  test.each(foreign)("%p", async (headers) => {
    const form = new URLSearchParams({ title: "Forged" });
    const answers = await Promise.all([
      site.ask(site.ada, "POST", "/api/v1/tasks", { body: { title: "Forged" }, headers }),
      site.ask(site.ada, "PATCH", task, { body: { title: "Forged" }, headers }),
      site.ask(site.ada, "DELETE", task, { headers }),
      site.ask(site.ada, "POST", "/api/auth/revoke-sessions", { headers }),
      site.ask(site.ada, "POST", "/api/auth/sign-out", { headers }),
      site.ask(site.ada, "POST", "/sign-out", { body: new URLSearchParams(), headers }),
      site.ask(site.ada, "POST", "/tasks", { body: form, headers }),
      site.ask(site.ada, "POST", "/account/sessions", {
        body: new URLSearchParams({ which: "all" }),
        headers,
      }),
      site.ask(site.ada, "GET", "/sync/ws", { headers: { ...headers, upgrade: "websocket", connection: "upgrade" } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    expect((await site.ask(site.ada, "GET", task)).json()).toMatchObject({ title: "Mine", version: 1 });
  });

  test("nor reads anything: no answer consents to CORS", async () => {
    const headers = { origin: "https://example.org" };
    const preflight = { ...headers, "access-control-request-method": "POST" };
    for (const answer of [
      await site.ask(site.ada, "GET", task, { headers }),
      await site.ask(undefined, "OPTIONS", "/api/v1/tasks", { headers: preflight }),
      await site.ask(site.ada, "GET", "/inbox", { headers }),
      await site.ask(site.ada, "GET", "/api/v1/me", { headers }),
    ]) {
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
  });
});

test("a session that somebody planted before the sign-in is not the session after it", async () => {
  const account = { name: "Sam", email: "sam@example.org", password: "correct horse battery" };
  const planted = site.eve.cookie;
  for (const path of ["/api/auth/sign-up/email", "/api/auth/sign-in/email"]) {
    const { name, ...known } = account;
    const body = path.includes("up") ? { name, ...known } : known;
    const answer = await site.ask(undefined, "POST", path, { body, headers: { cookie: planted } });
    expect(answer.status).toBe(200);
    const [line = ""] = answer.headers.getSetCookie();
    expect(line).toContain("HttpOnly");
    expect(line.split(";")[0]).not.toBe(planted);
    const who = await site.ask(undefined, "GET", "/api/v1/me", { headers: { cookie: line.split(";")[0] ?? "" } });
    expect(who.json()).toMatchObject({ name: "Sam" });
  }
  const made = await site.ask(undefined, "GET", "/inbox", {
    headers: { cookie: "rondo_session=made-up.c2lnbmF0dXJl" },
  });
  expect(made.status).toBe(303);
  expect(made.headers.getSetCookie().join()).not.toContain("made-up");
});
