import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Api, createClient } from "@rondo/client";
import { type RunningRondo, startRondo, temporaryFolder } from "@rondo/testing";
import { Validator } from "@seriousme/openapi-schema-validator";

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

let rondo: RunningRondo;
let served: Document;
beforeAll(async () => {
  rondo = await startRondo({ dataDir: temporaryFolder("interface") });
  served = (await (await fetch(`${rondo.origin}/api/v1/openapi.json`)).json()) as Document;
});
afterAll(() => rondo?.[Symbol.asyncDispose]());

test("the document that is served is valid OpenAPI 3.1 and tells of every service of the origin", async () => {
  const { valid, errors } = await new Validator().validate({ ...structuredClone(served) });
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  for (const path of ["/api/v1/tasks", "/api/v1/audit", "/api/auth/sign-in/email"])
    expect(served.paths).toHaveProperty([path]);
});

test("every call of the typed client is an operation of the document", async () => {
  const id = "01890000-0000-7000-8000-000000000000";
  const asked: string[] = [];
  const client = createClient({
    fetch: async (_, request) => {
      asked.push(`${request.method.toLowerCase()} ${new URL(request.url).pathname}`);
      return Response.json({ items: [] });
    },
  });
  const api = client.as({ bearer: "nobody" });
  for (const call of everyCall(api, id)) await call();
  const context = { address: "127.0.0.1", user_agent: "test" };
  await client.auth.signUp({ name: "Ada", email: "ada@example.org", password: "long enough for it" }, context);
  await client.auth.signIn({ email: "ada@example.org", password: "long enough for it" }, context);
  await client.auth.signOut("session=none", context);

  const described = Object.entries(served.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replace(/\{\w+\}/g, id)}`),
  );
  expect(asked.filter((call) => !described.includes(call))).toEqual([]);
  expect(new Set(asked).size).toBeGreaterThanOrEqual(26);
});

function everyCall(api: Api, id: string): readonly (() => Promise<unknown>)[] {
  const { tasks, projects, tokens, sessions } = api;
  return [
    () => api.me(),
    () => tasks.list(),
    () => tasks.get(id),
    () => tasks.create({ title: "Buy milk" }),
    () => tasks.patch(id, { title: "Buy bread" }),
    () => tasks.complete(id),
    () => tasks.reopen(id),
    () => tasks.remove(id),
    () => tasks.restore(id),
    () => tasks.move(id, { project_id: id }),
    () => projects.list(),
    () => projects.get(id),
    () => projects.create({ name: "Home" }),
    () => projects.patch(id, { name: "House" }),
    () => projects.remove(id),
    () => projects.move(id, { after_id: id }),
    () => api.undo(id),
    () => api.audit.list(),
    () => tokens.list(),
    () => tokens.create({ name: "sync", scopes: ["tasks:read"] }),
    () => tokens.revoke(id),
    () => sessions.list(),
    () => sessions.revoke(id),
    () => sessions.revokeOthers(),
    () => sessions.revokeAll(),
  ];
}
