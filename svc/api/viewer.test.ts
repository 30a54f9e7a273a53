import { afterAll, beforeAll, expect, test } from "bun:test";
import { type ApiFixture, createApiFixture, type ProblemBody } from "./api.fixture.ts";
import document from "./openapi.json" with { type: "json" };

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

/** Changes that need no role: everybody manages their own sign-in and tokens. */
const own = /^\/api\/auth\/|^\/api\/v1\/tokens/;

/** Every change of the interface, from the document: one that is added is tried by itself, and needs a good body here. */
const changes = Object.entries(document.paths)
  .filter(([path]) => !own.test(path))
  .flatMap(([path, methods]) => Object.keys(methods).map((method) => [method.toUpperCase(), path] as const))
  .filter(([method]) => method !== "GET");

test("every change is refused to a viewer, by person and by token, and changes nothing", async () => {
  const owner = await api.caller();
  const { workspace_id } = owner.principal;
  const [task, project] = [await owner.task(), await owner.project()];
  const done = await owner.post(`/tasks/${task.id}/completion`);
  const bodies: Readonly<Record<string, object>> = {
    "POST /api/v1/tasks": { title: "Mine" },
    "PATCH /api/v1/tasks/{id}": { title: "Mine" },
    "POST /api/v1/tasks/{id}/move": { project_id: project.id },
    "POST /api/v1/projects": { name: "Mine" },
    "PATCH /api/v1/projects/{id}": { name: "Mine" },
    "POST /api/v1/projects/{id}/move": { before_id: null },
    "POST /api/v1/undo": { operation_id: done.operation },
  };
  const look = async () => [(await owner.get("/tasks?status=all")).body, (await owner.get("/projects")).body];
  const before = await look();
  const viewers = [
    await api.caller({ workspace_id, role: "viewer" }),
    await api.caller({ workspace_id, role: "viewer", scopes: ["tasks:read"], actor_type: "token" }),
    await api.caller({ workspace_id, role: "owner", scopes: ["tasks:read"], actor_type: "token" }),
  ];
  expect(changes.length).toBeGreaterThan(10);
  for (const viewer of viewers) {
    for (const [method, path] of changes) {
      const at = path.replace("{id}", path.includes("/projects/") ? project.id : task.id);
      const body = bodies[`${method} ${path}`];
      const { status } = await api.call<ProblemBody>(viewer, method, at, body === undefined ? {} : { body });
      expect({ method, path, status }).toEqual({ method, path, status: 403 });
    }
    for (const path of ["/tasks", "/projects", `/tasks/${task.id}`, `/projects/${project.id}`]) {
      expect({ path, status: (await viewer.get(path)).status }).toEqual({ path, status: 200 });
    }
  }
  expect(await look()).toEqual(before);
});
