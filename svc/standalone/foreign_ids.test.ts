import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newId, type Person } from "@rondo/testing";
import { type Answer, type Asked, type Site, startSite } from "./testing/site.ts";

/** Ids of a person's own things, by the collection that they are in. */
type Things = Readonly<Record<"tasks" | "projects" | "tokens", string>>;

let site: Site;
let hers: Things;
let routes: readonly (readonly [method: string, path: string])[] = [];
beforeAll(async () => {
  site = await startSite();
  hers = await makeThings(site.ada);
  routes = await routesWithId();
});
afterAll(() => site.close());

async function makeThings(person: Person): Promise<Things> {
  const make = async (path: string, body: object) =>
    (await site.ask(person, "POST", `/api/v1/${path}`, { body })).json<{ id: string }>().id;
  return {
    tasks: await make("tasks", { title: "Hers" }),
    projects: await make("projects", { name: "Hers" }),
    tokens: await make("tokens", { name: "Hers", scopes: ["tasks:read"] }),
  };
}

/** Every route with a path parameter of the document that the running product serves: a new route is tried by itself. */
async function routesWithId() {
  const document = (await site.ask(undefined, "GET", "/api/v1/openapi.json")).json<{ paths: Record<string, object> }>();
  return Object.entries(document.paths)
    .filter(([path]) => path.includes("{"))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => [method.toUpperCase(), path] as const));
}

const noIds = ["not-an-id", "0", "-1", "%00", "%ff", "..%2f..%2fme", "%27%20or%201=1--", "a".repeat(2_000)];

/** Eve asks for Ada's thing, for one that is missing, and for what is no id: she must not be able to tell them apart. */
async function expectAlike(foreign: string, ask: (id: string) => Promise<Answer>, others: readonly string[]) {
  const first = await ask(foreign);
  for (const id of others) expect((await ask(id)).seen).toEqual(first.seen);
  expect(first.text).not.toContain(foreign);
  return first;
}

test("every route of the document with an id answers for somebody else's like for a missing one and for no id at all", async () => {
  expect(routes.length).toBeGreaterThanOrEqual(12);
  for (const [method, path] of routes) {
    const [parameter = "", ...more] = path.match(/\{\w+\}/g) ?? [];
    const collection = path.split("/")[3] ?? "";
    if (!(collection in hers) || more.length > 0) throw new Error(`this test does not know what ${path} names`);
    const id = Reflect.get(hers, collection);
    for (const body of method === "GET" ? [undefined] : [{}, undefined, "{"]) {
      const ask = (id: string) => site.ask(site.eve, method, path.replace(parameter, id), { body });
      // An address that names nothing is refused before its body is read; one that could name something may be after it.
      const complete = method === "GET" || typeof body === "object";
      const answer = await expectAlike(id, ask, complete ? [newId(), ...noIds] : [newId()]);
      if (complete) expect({ method, path, status: answer.status }).toEqual({ method, path, status: 404 });
    }
  }
});

describe("as it is elsewhere:", () => {
  const post = (path: string, body: object): Promise<Answer> => site.ask(site.eve, "POST", path, { body });
  const get = (path: string, headers: Asked["headers"] = {}) => site.ask(site.eve, "GET", path, { headers });
  /** Compressed, two equal lengths may differ by the moment of rendering that is in a page. */
  const plain = { "accept-encoding": "identity" };

  test("a project or neighbour in a body, an operation to undo", async () => {
    const own = await makeThings(site.eve);
    const { headers } = await site.ask(site.ada, "PATCH", `/api/v1/tasks/${hers.tasks}`, {
      body: { notes: "changed" },
    });
    const operation = headers.get("rondo-operation") ?? "";
    const alike = (id: string, ask: (id: string) => Promise<Answer>) => expectAlike(id, ask, [newId()]);
    const statuses = [
      await alike(hers.projects, (project_id) => post("/api/v1/tasks", { title: "x", project_id })),
      await alike(hers.projects, (project_id) => post(`/api/v1/tasks/${own.tasks}/move`, { project_id })),
      await alike(hers.tasks, (before_id) => post(`/api/v1/tasks/${own.tasks}/move`, { before_id })),
      await alike(hers.tasks, (after_id) => post(`/api/v1/tasks/${own.tasks}/move`, { after_id })),
      await alike(hers.projects, (before_id) => post(`/api/v1/projects/${own.projects}/move`, { before_id })),
      await alike(hers.projects, (project_id) =>
        site.ask(site.eve, "PATCH", `/api/v1/tasks/${own.tasks}`, { body: { project_id } }),
      ),
      await alike(operation, (operation_id) => post("/api/v1/undo", { operation_id })),
      await alike("a session", (id) => post("/api/auth/revoke-session", { id: id === "a session" ? operation : id })),
    ].map(({ status }) => status);
    expect(statuses).toEqual([422, 422, 422, 422, 422, 422, 404, 404]);
  });

  test("a workspace in a header, at every service", async () => {
    for (const path of ["/api/v1/tasks", "/api/v1/me", "/api/v1/audit", "/sync/events"]) {
      const ask = (id: string) => get(path, { "rondo-workspace": id });
      const answer = await expectAlike(site.ada.workspace_id, ask, [newId(), "not-an-id", "x".repeat(2_000)]);
      expect({ path, status: answer.status }).toEqual({ path, status: 404 });
    }
    await expectAlike(site.ada.workspace_id, (id) => get(`/sync/events?workspace=${id}`), [newId(), "not-an-id"]);
  });

  test("a task or project in a filter", async () => {
    for (const path of ["/api/v1/tasks?project=", "/api/v1/audit?task_id=", "/api/v1/audit?project_id="]) {
      const id = path.includes("task_id") ? hers.tasks : hers.projects;
      const answer = await expectAlike(id, (id) => get(`${path}${id}`), [newId()]);
      expect(answer.json<{ items: unknown[] }>().items).toEqual([]);
    }
  });

  test("a page, a part of one, and what a form does", async () => {
    /** The moment of the rendering, from which the live stream goes on. */
    const timeless = async (answer: Promise<Answer>): Promise<Answer> => {
      const { seen, ...rest } = await answer;
      return { ...rest, seen: { ...seen, text: seen.text.replace(/data-cursor="[^"]*"/, "") } };
    };
    const others = [newId(), "not-an-id", "%00"];
    for (const path of ["/tasks/ID", "/tasks/ID/history", "/inbox?task=ID", "/projects/ID"]) {
      const id = path.includes("project") ? hers.projects : hers.tasks;
      const answer = await expectAlike(id, (id) => timeless(get(path.replace("ID", id), plain)), others);
      expect({ path, status: answer.status }).toEqual({ path, status: 404 });
    }
    const forms = ["tasks/ID/completion", "tasks/ID/reopening", "tasks/ID/bin", "tasks/ID/restoration", "tasks/ID"];
    for (const path of [...forms, "projects/ID", "projects/ID/archive", "account/tokens/ID/revocation"]) {
      const id = Reflect.get(hers, path.includes("account") ? "tokens" : (path.split("/")[0] ?? ""));
      const fields = { field: "title", title: "Stolen", name: "Stolen", archived: "1", version: "1" };
      const ask = (id: string) =>
        timeless(
          site.ask(site.eve, "POST", `/${path.replace("ID", id)}`, {
            body: new URLSearchParams(fields),
            headers: plain,
          }),
        );
      const answer = await expectAlike(id, ask, others);
      expect({ path, status: answer.status }).toEqual({ path, status: 404 });
    }
  });
});

test("all of this left Ada's things as they were", async () => {
  const read = async (path: string) => (await site.ask(site.ada, "GET", `/api/v1/${path}`)).json<object>();
  expect(await read(`tasks/${hers.tasks}`)).toMatchObject({ title: "Hers", version: 2, completed_at: null });
  expect(await read(`projects/${hers.projects}`)).toMatchObject({ name: "Hers", version: 1, archived_at: null });
  expect(await read("tokens")).toMatchObject({ items: [{ name: "Hers" }, { name: "test" }] });
});
