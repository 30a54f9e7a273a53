import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { pointersOf, type Site, startSite } from "./testing/site.ts";

let site: Site;
let routes: readonly Route[] = [];
beforeAll(async () => {
  site = await startSite();
  routes = await routesWithBody();
});
afterAll(() => site.close());

interface Route {
  readonly method: string;
  readonly path: string;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly requestBody?: object }>>>>;
}

/** Every route that reads a body, as the running product describes itself, with ids of the asker's own things. */
async function routesWithBody(): Promise<readonly Route[]> {
  const document = (await site.ask(undefined, "GET", "/api/v1/openapi.json")).json<Document>();
  const make = async (path: string, body: object) =>
    (await site.ask(site.ada, "POST", path, { body })).json<{ id: string }>().id;
  const ids = {
    tasks: await make("/api/v1/tasks", { title: "Mine" }),
    projects: await make("/api/v1/projects", { name: "Mine" }),
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { requestBody }]) => requestBody !== undefined)
      .map(([method]) => {
        const collection = path.split("/")[3];
        const id = collection === "tasks" || collection === "projects" ? ids[collection] : "";
        return { method: method.toUpperCase(), path: path.replace("{id}", id) };
      }),
  );
}

/** What each route answers to this body, by the routes that answer otherwise. */
async function statuses(body: unknown, headers: Record<string, string> = {}): Promise<Record<string, number>> {
  const answers = await Promise.all(
    routes.map(async ({ method, path }) => {
      const { status } = await site.ask(site.ada, method, path, { body, headers });
      return [`${method} ${path}`, status] as const;
    }),
  );
  return Object.fromEntries(answers);
}

const all = (status: number) => Object.fromEntries(routes.map(({ method, path }) => [`${method} ${path}`, status]));

test("the document names the routes that read a body", () => {
  expect(routes.length).toBeGreaterThanOrEqual(10);
});

describe("on every route", () => {
  test.each(["", "{", '{"title":}', "{'title':1}", '{"title":"a"} x', "NaN", '{"a":1,}'])(
    "malformed JSON is 400: %p",
    async (body) => expect(await statuses(body)).toEqual(all(400)),
  );

  test("what is not UTF-8 is 400", async () => {
    expect(await statuses(new Blob([new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])]))).toEqual(
      all(400),
    );
  });

  test("deep nesting is 400, and costs neither the stack nor the process", async () => {
    for (const depth of [40, 5_000, 100_000]) {
      expect(await statuses(`{"title":${"[".repeat(depth)}${"]".repeat(depth)}}`)).toEqual(all(400));
      expect(await statuses(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`)).toEqual(all(400));
    }
  });

  test("10 MB are 413, announced or not", async () => {
    expect(await statuses(JSON.stringify({ title: "x".repeat(10_000_000) }))).toEqual(all(413));
    const [{ method, path } = { method: "", path: "" }] = routes.filter(({ path }) => path === "/api/v1/tasks");
    const chunks = Array.from({ length: 100 }, () => new Uint8Array(100_000).fill(0x20));
    const answer = await fetch(`${site.rondo.origin}${path}`, {
      method,
      headers: { cookie: site.ada.cookie, "content-type": "application/json" },
      body: new Blob(chunks).stream(),
    });
    expect(answer.status).toBe(413);
  });

  test.each(["[]", "null", '"text"', "7", "true"])("%s is no object: 422", async (body) => {
    expect(await statuses(body)).toEqual(all(422));
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
    "%s is 415",
    async (type) => expect(await statuses("{}", { "content-type": type })).toEqual(all(415)),
  );

  test("a field that nobody knows is 422 and named", async () => {
    for (const { method, path } of routes) {
      const answer = await site.ask(site.ada, method, path, { body: '{"titel":"x","__proto__":{"admin":true}}' });
      expect({ path, status: answer.status }).toEqual({ path, status: 422 });
      expect(pointersOf(answer)).toEqual(expect.arrayContaining(["/__proto__", "/titel"]));
    }
  });
});

test("wrong types are named all at once", async () => {
  const body = { title: 7, notes: [], priority: {}, due_date: 20_260_131, due_time: true, time_zone: 1, project_id: 1 };
  const made = await site.ask(site.ada, "POST", "/api/v1/tasks", { body });
  expect(made.status).toBe(422);
  expect(pointersOf(made)).toEqual([
    "/due_date",
    "/due_time",
    "/notes",
    "/priority",
    "/project_id",
    "/time_zone",
    "/title",
  ]);
});

test("nothing of all this was done", async () => {
  const tables = ["api.task", "api.project", "api.api_token"] as const;
  const rows = await Promise.all(
    tables.map((table) => site.database.sql.unsafe<{ count: number }[]>(`select count(*)::int as count from ${table}`)),
  );
  // What the people were given and the test made on purpose.
  expect(rows.map(([row]) => row?.count)).toEqual([1, 3, 2]);
  const versions = await site.database.sql<{ version: number }[]>`select distinct version from api.task`;
  expect([...versions]).toEqual([{ version: 1 }]);
});
