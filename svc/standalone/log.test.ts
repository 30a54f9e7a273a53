import { afterAll, beforeAll, expect, test } from "bun:test";
import { mintJwt } from "./testing/jwt.ts";
import { expectExports } from "./testing/metrics.ts";
import { type Site, startSite } from "./testing/site.ts";
import { hasHistory } from "./testing/smoke.ts";

/** Everything that nobody but its owner may read, each in a form that is found wherever it turns up. */
const account = { name: "Nameleak Lovelace", email: "mailleak@example.org", password: "passleak horse battery" };
const title = "titleleak: buy milk";
const notes = "notesleak: the blue one";
const told = [
  "Nameleak",
  "mailleak",
  "passleak",
  "wrongleak",
  "titleleak",
  "notesleak",
  "projectleak",
  "tokenleak",
  "queryleak",
];

let site: Site;
let log = "";
let metrics = "";
const secrets: string[] = [];
beforeAll(async () => {
  site = await startSite({ RONDO_LOG_LEVEL: "debug", RONDO_LOG_FORMAT: "json" });
  await useIt();
  metrics = await (await fetch(`${site.rondo.admin}/metrics`)).text();
  await site.close();
  log = site.rondo.program.output();
});
afterAll(() => site.rondo[Symbol.asyncDispose]());

/** A day of somebody who makes every mistake that there is. */
async function useIt(): Promise<void> {
  const { ask, ada, database, rondo } = site;
  const { name, email, password } = account;
  const entered = [
    await ask(undefined, "POST", "/api/auth/sign-up/email", { body: account }),
    await ask(undefined, "POST", "/api/auth/sign-in/email", { body: { email, password: "wrongleak" } }),
    await ask(undefined, "POST", "/sign-in", { body: new URLSearchParams({ email, password: "wrongleak" }) }),
    await ask(undefined, "POST", "/sign-in", { body: new URLSearchParams({ email, password }) }),
    await ask(undefined, "POST", "/sign-up", { body: new URLSearchParams({ name, email: "mailleak", password }) }),
  ];
  expect(entered.map(({ status }) => status)).toEqual([200, 401, 401, 303, 422]);
  const cookies = entered.flatMap(({ headers }) => headers.getSetCookie().map((line) => line.split(";")[0] ?? ""));
  const [cookie = ""] = cookies;
  const as = (method: string, path: string, body?: unknown, headers = {}) =>
    ask(undefined, method, path, { body, headers: { cookie, ...headers } });

  const { token } = (await as("POST", "/api/v1/tokens", { name: "tokenleak", scopes: ["tasks:read"] })).json<{
    token: string;
  }>();
  const jwt = await mintJwt(site, { cookie });
  secrets.push(ada.token, ada.cookie, token, jwt, ...cookies, ...cookies.map(decodeURIComponent));

  const task = (await as("POST", "/api/v1/tasks", { title, notes })).json<{ id: string }>().id;
  await as("PATCH", `/api/v1/tasks/${task}`, { title: `${title}!` }, { "if-match": '"99"' });
  await as("POST", "/tasks", new URLSearchParams({ title }));
  await as("POST", "/api/v1/projects", { name: "projectleak" });
  await as("POST", "/api/v1/tasks", { title: `${title}\0`, titleleak: 1 });
  await as("POST", "/api/v1/tasks", `{"title":"${title}`);
  await as("GET", "/api/v1/tasks?queryleak=1&cursor=queryleak");
  await as("GET", "/queryleak?token=queryleak");
  await as("GET", `/inbox?task=${task}`);
  for (const bad of ["x", token.slice(0, -1), `${jwt}x`])
    await ask(undefined, "GET", "/api/v1/me", { headers: { authorization: `Bearer ${bad}` } });
  await hasHistory(rondo.origin, { token });
  // A defect of ours, of the kind whose error carries the whole row.
  await database.sql.unsafe(`
    create function api.defect() returns trigger language plpgsql as $$
      begin raise exception 'a defect' using errcode = 'XX000', detail = new.title, hint = new.notes; end $$;
    create trigger defect before insert on api.task for each row execute function api.defect()`);
  const failed = [
    await as("POST", "/api/v1/tasks", { title, notes }),
    await as("POST", "/tasks", new URLSearchParams({ title })),
  ];
  expect(failed.map(({ status }) => status)).toEqual([500, 500]);
}

test("the log of it all holds no password, token, cookie, name, address, title, note or query", () => {
  const lines = log.split("\n").filter((line) => line.startsWith("{"));
  const messages = lines.map((line) => (JSON.parse(line) as { message: string }).message);
  expect(messages.filter((message) => message === "request").length).toBeGreaterThan(25);
  expect(messages).toContain("a request failed");
  for (const secret of [...told, ...secrets]) expect(log).not.toContain(secret);
  // The parts of a credential that open the door without the rest.
  for (const secret of secrets)
    expect(log).not.toContain(secret.replace(/^(rondo_pat_|rondo_session=)/, "").slice(0, 20));
});

test("every line of a request carries its id and trace, and its workspace once it is known who asks", () => {
  const requests = log.split("\n").filter((line) => line.includes('"message":"request"'));
  for (const line of requests) {
    expect(JSON.parse(line)).toMatchObject({
      request_id: expect.any(String),
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  }
  const tasks = requests.filter((line) => line.includes('"POST"') && line.includes('"/api/v1/tasks"'));
  expect(tasks.length).toBeGreaterThan(3);
  for (const line of tasks) expect(JSON.parse(line)).toHaveProperty("workspace_id");
});

test("the metrics of it all have the names that the README of telemetry promises, and hold nothing private either", async () => {
  await expectExports("on PostgreSQL", { standalone: metrics });
  for (const secret of [...told, ...secrets]) expect(metrics).not.toContain(secret);
  expect(metrics).toContain('rondo_http_requests_total{method="POST",route="/api/v1/tasks",status="201"}');
});
