import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Project } from "@rondo/task";
import { newId } from "@rondo/testing";
import { type ApiFixture, type Caller, createApiFixture, type ProblemBody } from "../api.fixture.ts";

let api: ApiFixture;
let ada: Caller;
beforeAll(async () => {
  api = await createApiFixture();
  ada = await api.caller();
});
afterAll(() => api.close());

test("a title is enough: the task is in the Inbox, and its row is what was answered", async () => {
  const made = await ada.post("/tasks", { body: { title: "  Buy milk " } });
  expect(made.status).toBe(201);
  const inbox = (await ada.get<{ items: Project[] }>("/projects")).body.items.find(({ is_inbox }) => is_inbox);
  expect(made.body).toEqual({
    id: expect.any(String),
    workspace_id: ada.principal.workspace_id,
    project_id: inbox?.id ?? "",
    title: "Buy milk",
    notes: "",
    priority: "none",
    due_date: null,
    due_time: null,
    time_zone: null,
    due_at: null,
    completed_at: null,
    completed_by: null,
    deleted_at: null,
    position: expect.any(String),
    version: 1,
    created_at: "2026-01-31T08:00:00.000Z",
    created_by: ada.principal.user_id,
    updated_at: "2026-01-31T08:00:00.000Z",
  });
  const { id } = made.body;
  expect(made.headers.get("location")).toBe(`/api/v1/tasks/${id}`);
  expect(made.headers.get("etag")).toBe('"1"');
  const read = await ada.get(`/tasks/${id}`);
  expect(JSON.stringify(read.body)).toBe(JSON.stringify(made.body));
});

test("every field is kept, and the due instant follows from date, time and zone", async () => {
  const { id: project_id } = await ada.project();
  const fields = {
    project_id,
    title: "Pay rent",
    notes: "by *transfer*\n\tquarterly",
    priority: "high",
    due_date: "2026-07-31",
    due_time: "09:00",
    time_zone: "Europe/Warsaw",
  };
  const { id } = await ada.task(fields);
  const { body } = await ada.get(`/tasks/${id}`);
  expect(body).toMatchObject({ ...fields, due_at: "2026-07-31T07:00:00.000Z" });
});

test("its event and operation are there with it, and the relay is woken", async () => {
  const bob = await api.caller();
  const wakes = api.wakes();
  const made = await bob.post("/tasks", { body: { title: "Call mum", priority: "low" } });
  expect(api.wakes()).toBe(wakes + 1);
  const [event, ...more] = await api.events(bob.principal.workspace_id);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    id: made.operation ?? "",
    type: "task.created.v1",
    subject: made.body.id,
    workspaceid: bob.principal.workspace_id,
    actorid: bob.principal.actor_id,
    actortype: "user",
    data: {
      task: made.body,
      changes: { title: [null, "Call mum"], priority: [null, "low"], project_id: [null, made.body.project_id] },
    },
  });
});

test("a token's task is credited to the person behind it, its event to the token", async () => {
  const token = await api.caller({ actor_id: newId(), actor_type: "token" });
  const task = await token.task();
  expect(task.created_by).toBe(token.principal.user_id);
  const [event] = await api.events(token.principal.workspace_id);
  expect(event).toMatchObject({ actorid: token.principal.actor_id, actortype: "token" });
});

test("without a credential nothing is made", async () => {
  const refused = await api.call<ProblemBody>(undefined, "POST", "/api/v1/tasks", { body: { title: "x" } });
  expect(refused.status).toBe(401);
});

test("a viewer may not make tasks", async () => {
  const { workspace_id } = ada.principal;
  const viewer = await api.caller({ workspace_id, role: "viewer" });
  const before = await api.events(workspace_id);
  expect((await viewer.post("/tasks", { body: { title: "x" } })).status).toBe(403);
  expect(await api.events(workspace_id)).toEqual(before);
});

test("the same Idempotency-Key makes one task, also when both come at once", async () => {
  const bob = await api.caller();
  const headers = { "idempotency-key": newId() };
  const send = () => bob.post("/tasks", { body: { title: "once" }, headers });
  const [first, second] = await Promise.all([send(), send()]);
  const third = await send();
  expect([first.status, second.status, third.status]).toEqual([201, 201, 201]);
  expect(new Set([first, second, third].map(({ body }) => body.id)).size).toBe(1);
  expect(new Set([first, second, third].map(({ operation }) => operation)).size).toBe(1);
  expect(await api.events(bob.principal.workspace_id)).toHaveLength(1);
  expect((await bob.post("/tasks", { body: { title: "another" }, headers })).status).toBe(422);
});

test("a retry whose first try died after its commit answers the task that was made", async () => {
  const bob = await api.caller();
  const headers = { "idempotency-key": newId() };
  const first = await bob.post("/tasks", { body: { title: "once" }, headers });
  await api.sql`
    update api.idempotency set status = null, headers = null, body = null, leased_until = '-infinity'
    where key = ${headers["idempotency-key"]}`;
  const second = await bob.post("/tasks", { body: { title: "once" }, headers });
  expect(second.status).toBe(201);
  expect(second.body).toEqual(first.body);
  expect(second.operation).toBe(first.operation);
  expect(await api.events(bob.principal.workspace_id)).toHaveLength(1);
});
