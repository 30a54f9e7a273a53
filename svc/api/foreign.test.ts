import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { type ApiFixture, createApiFixture } from "./api.fixture.ts";
import document from "./openapi.json" with { type: "json" };

interface Person {
  readonly cookie: string;
  /** A thing of theirs in each collection. */
  readonly things: Readonly<Record<string, string>>;
}

let api: ApiFixture;
let owner: Person;
let stranger: Person;
beforeAll(async () => {
  api = await createApiFixture();
  owner = await signUp("owner");
  stranger = await signUp("stranger");
});
afterAll(() => api.close());

async function signUp(name: string): Promise<Person> {
  const account = { name, email: `${name}@example.org`, password: "correct horse battery staple" };
  const answer = await api.call(undefined, "POST", "/api/auth/sign-up/email", { body: account });
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(";")[0] ?? "")
    .join("; ");
  const make = async (path: string, body: object) =>
    (await api.call<{ id: string }>(undefined, "POST", `/api/v1/${path}`, { body, headers: { cookie } })).body.id;
  const things = {
    tasks: await make("tasks", { title: "theirs" }),
    projects: await make("projects", { name: "theirs" }),
    tokens: await make("tokens", { name: "theirs", scopes: ["tasks:read"] }),
  };
  return { cookie, things };
}

/** Every route that names a thing, from the document: a route that is added is tried by itself. */
const routes = Object.entries(document.paths)
  .filter(([path]) => path.includes("{id}"))
  .flatMap(([path, methods]) => Object.keys(methods).map((method) => [method.toUpperCase(), path] as const));

/** The answer, without what may differ from one request to the next. */
async function ask(person: Person, method: string, path: string) {
  const headers = {
    cookie: person.cookie,
    "content-type": "application/json",
    ...(method === "POST" ? { "idempotency-key": newId() } : {}),
  };
  const body = method === "GET" ? {} : { body: "{}" };
  const response = await api.app.request(path, { method, headers, ...body });
  const shown = [...response.headers].filter(([name]) => name !== "x-request-id");
  const requestId = response.headers.get("x-request-id") ?? "";
  return { status: response.status, headers: shown, text: (await response.text()).replaceAll(requestId, "") };
}

test("the document names routes with ids", () => {
  expect(routes.length).toBeGreaterThan(10);
});

describe.each(routes)("%s %s", (method, path) => {
  test("somebody else's thing answers like one that is missing, byte for byte, and like what is no id", async () => {
    const collection = path.split("/")[3] ?? "";
    const theirs = owner.things[collection];
    if (theirs === undefined) throw new Error(`this test does not know how to make one of ${collection}`);
    const foreign = await ask(stranger, method, path.replace("{id}", theirs));
    expect(foreign.status).toBe(404);
    for (const id of [newId(), "not-an-id", "%00", "..%2f..", "a".repeat(2_000)]) {
      expect(await ask(stranger, method, path.replace("{id}", id))).toEqual(foreign);
    }
  });
});

test("the walk changed nothing of the owner's", async () => {
  const as = { headers: { cookie: owner.cookie } };
  const read = (path: string) => api.call<{ version: number }>(undefined, "GET", `/api/v1/${path}`, as);
  expect((await read(`tasks/${owner.things.tasks}`)).body.version).toBe(1);
  expect((await read(`projects/${owner.things.projects}`)).body.version).toBe(1);
  expect((await api.call<{ items: unknown[] }>(undefined, "GET", "/api/v1/tokens", as)).body.items).toHaveLength(1);
});
