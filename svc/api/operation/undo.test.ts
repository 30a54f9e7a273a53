import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Project, Task } from "@rondo/task";
import { newId } from "@rondo/testing";
import {
  type Answer,
  type ApiFixture,
  type Caller,
  createApiFixture,
  type ProblemBody,
  pointersOf,
} from "../api.fixture.ts";
import { trimApi } from "../trim.ts";

let api: ApiFixture;
let ada: Caller;
beforeAll(async () => {
  api = await createApiFixture();
  ada = await api.caller();
});
afterAll(() => api.close());

interface Undone {
  readonly tasks: readonly Task[];
  readonly projects: readonly Project[];
}

const undo = (operation_id: string | null, caller = ada) => caller.post<Undone>("/undo", { body: { operation_id } });
const refusedUndo = (operation_id: string | null, caller = ada) =>
  caller.post<ProblemBody>("/undo", { body: { operation_id } });
const content = ({ version: _, updated_at: __, ...rest }: Task) => rest;

const acts: [string, string, (task: Task) => Promise<Answer<Task>>][] = [
  [
    "a patch",
    "updated",
    ({ id }) => ada.patch(`/tasks/${id}`, { body: { title: "x", notes: "y", due_date: "2026-05-01" } }),
  ],
  ["a completion", "reopened", ({ id }) => ada.post(`/tasks/${id}/completion`)],
  [
    "a move",
    "moved",
    async ({ id }) => ada.post(`/tasks/${id}/move`, { body: { project_id: (await ada.project()).id } }),
  ],
  ["a deletion", "restored", ({ id }) => ada.remove(`/tasks/${id}`)],
];

describe.each(acts)("%s", (_, event, act) => {
  test("is undone to what was there, with an event of its own, and redone by undoing the undo", async () => {
    const task = await ada.task({ priority: "high" });
    api.clock.advance(1_000);
    const done = await act(task);
    const undone = await undo(done.operation);
    expect(undone.status).toBe(200);
    const [back] = undone.body.tasks;
    expect(back && content(back)).toEqual(content(task));
    expect(back?.version).toBe(3);
    expect((await ada.get(`/tasks/${task.id}`)).body).toEqual(back ?? task);
    const last = (await api.events(ada.principal.workspace_id)).at(-1);
    expect(last).toMatchObject({ id: undone.operation ?? "", type: `task.${event}.v1`, data: { task: back } });
    const redone = await undo(undone.operation);
    expect(redone.body.tasks.map(content)).toEqual([content(done.body)]);
  });

  test("is not undone twice, nor after another change", async () => {
    const task = await ada.task();
    const done = await act(task);
    const answers = await Promise.all([undo(done.operation), undo(done.operation), undo(done.operation)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const again = await refusedUndo(done.operation);
    expect([again.status, again.body.detail.includes("no longer be undone")]).toEqual([409, true]);
  });
});

test("a creation is undone into the bin", async () => {
  const made = await ada.post("/tasks", { body: { title: "x" } });
  const { body } = await undo(made.operation);
  expect(body.tasks[0]?.deleted_at).toBe(api.clock().toISOString());
});

test("a task cannot go back to a project that was deleted since", async () => {
  const project = await ada.project();
  const { id } = await ada.task({ project_id: project.id });
  const inbox = (await ada.task()).project_id;
  const moved = await ada.post(`/tasks/${id}/move`, { body: { project_id: inbox } });
  await ada.remove(`/projects/${project.id}`);
  expect((await undo(moved.operation)).status).toBe(409);
  expect((await ada.get(`/tasks/${id}`)).body).toEqual(moved.body);
});

test("project operations are undone: a name, an archive, a deletion, a creation", async () => {
  const made = await ada.post<Project>("/projects", { body: { name: "House" } });
  const { id } = made.body;
  const renamed = await ada.patch<Project>(`/projects/${id}`, { body: { name: "Home", archived: true } });
  const back = await undo(renamed.operation);
  expect(back.body).toMatchObject({ tasks: [], projects: [{ id, name: "House", archived_at: null, version: 3 }] });
  const deleted = await ada.remove(`/projects/${id}`);
  expect((await ada.get(`/projects/${id}`)).status).toBe(404);
  const restored = await undo(deleted.operation);
  expect((await ada.get<Project>(`/projects/${id}`)).body).toEqual(restored.body.projects[0] ?? made.body);
  const last = (await api.events(ada.principal.workspace_id)).at(-1);
  expect(last).toMatchObject({ type: "project.restored.v1" });
  const another = await ada.post<Project>("/projects", { body: { name: "Short-lived" } });
  await undo(another.operation);
  expect((await ada.get(`/projects/${another.body.id}`)).status).toBe(404);
});

test("the creation of a project that has tasks by now is not undone", async () => {
  const made = await ada.post<Project>("/projects", { body: { name: "House" } });
  await ada.task({ project_id: made.body.id });
  expect((await undo(made.operation)).status).toBe(409);
});

test("only one's own operations can be undone: a colleague's, a stranger's and a missing one look alike", async () => {
  const made = await ada.post("/tasks", { body: { title: "mine" } });
  const colleague = await api.caller({ workspace_id: ada.principal.workspace_id });
  const stranger = await api.caller();
  const answers = [
    await refusedUndo(made.operation, colleague),
    await refusedUndo(made.operation, stranger),
    await refusedUndo(newId(), stranger),
  ];
  for (const { status, body } of answers) {
    expect(status).toBe(404);
    expect({ ...body, request_id: "" }).toEqual({ ...(answers[0]?.body ?? body), request_id: "" });
  }
  expect((await ada.get(`/tasks/${made.body.id}`)).body).toEqual(made.body);
});

test("one's token's operations are one's own", async () => {
  const { user_id, workspace_id } = ada.principal;
  const token = await api.caller({ user_id, workspace_id, actor_id: newId(), actor_type: "token" });
  const made = await token.post("/tasks", { body: { title: "by a program" } });
  expect((await undo(made.operation)).status).toBe(200);
});

test("without a credential, without the right and with a wrong body nothing is undone", async () => {
  const made = await ada.post("/tasks", { body: { title: "x" } });
  const { user_id, workspace_id } = ada.principal;
  const reader = await api.caller({ user_id, workspace_id, scopes: ["tasks:read"] });
  expect((await undo(made.operation, reader)).status).toBe(403);
  expect((await api.call(undefined, "POST", "/api/v1/undo", { body: { operation_id: made.operation } })).status).toBe(
    401,
  );
  expect(pointersOf(await refusedUndo("last"))).toEqual(["/operation_id"]);
  expect(pointersOf(await ada.post<ProblemBody>("/undo", { body: {} }))).toEqual(["/operation_id"]);
});

test("operations are kept for 30 days", async () => {
  const made = await ada.post("/tasks", { body: { title: "x" } });
  const day = 86_400_000;
  await trimApi(api.sql, new Date(Date.now() + 29 * day));
  expect(await api.sql`select from api.operation where id = ${made.operation}`).toHaveLength(1);
  await trimApi(api.sql, new Date(Date.now() + 31 * day));
  expect(await api.sql`select from api.operation where id = ${made.operation}`).toHaveLength(0);
  expect((await undo(made.operation)).status).toBe(404);
});
