import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Task } from "@rondo/task";
import { newId } from "@rondo/testing";
import { type Answer, type ApiFixture, type Caller, createApiFixture, type ProblemBody } from "../api.fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface Verb {
  readonly name: string;
  /** Brings a new task into the state in which the verb has something to do. */
  readonly prepare: (caller: Caller) => Promise<Task>;
  readonly call: (caller: Caller, id: string, headers?: Record<string, string>) => Promise<Answer<Task>>;
  readonly event: string;
  readonly changes: readonly string[];
}

const complete: Verb["call"] = (caller, id, headers = {}) => caller.post(`/tasks/${id}/completion`, { headers });
const bin: Verb["call"] = (caller, id, headers = {}) => caller.remove(`/tasks/${id}`, { headers });

const verbs: readonly Verb[] = [
  {
    name: "complete",
    prepare: (caller) => caller.task(),
    call: complete,
    event: "completed",
    changes: ["completed_at", "completed_by"],
  },
  {
    name: "reopen",
    prepare: async (caller) => (await complete(caller, (await caller.task()).id)).body,
    call: (caller, id, headers = {}) => caller.remove(`/tasks/${id}/completion`, { headers }),
    event: "reopened",
    changes: ["completed_at", "completed_by"],
  },
  { name: "delete", prepare: (caller) => caller.task(), call: bin, event: "deleted", changes: ["deleted_at"] },
  {
    name: "restore",
    prepare: async (caller) => (await bin(caller, (await caller.task()).id)).body,
    call: (caller, id, headers = {}) => caller.post(`/tasks/${id}/restoration`, { headers }),
    event: "restored",
    changes: ["deleted_at"],
  },
];

describe.each(verbs)("$name", ({ prepare, call, event, changes }) => {
  test("changes the task, with a version, an operation and one event", async () => {
    const ada = await api.caller();
    const before = await prepare(ada);
    api.clock.advance(1_000);
    const done = await call(ada, before.id);
    expect([done.status, done.body.version, done.headers.get("etag")]).toEqual([
      200,
      before.version + 1,
      `"${before.version + 1}"`,
    ]);
    expect((await ada.get(`/tasks/${before.id}`)).body).toEqual(done.body);
    const events = await api.events(ada.principal.workspace_id);
    expect(events).toHaveLength(before.version + 1);
    expect(events.at(-1)).toMatchObject({
      id: done.operation ?? "",
      type: `task.${event}.v1`,
      data: { task: done.body },
    });
    const last = events.at(-1);
    expect(last && "changes" in last.data ? Object.keys(last.data.changes) : []).toEqual([...changes]);
  });

  test("again, or ten at once: one event", async () => {
    const ada = await api.caller();
    const before = await prepare(ada);
    const answers = await Promise.all(Array.from({ length: 10 }, () => call(ada, before.id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.filter(({ operation }) => operation !== null)).toHaveLength(1);
    for (const { body } of answers) expect(body.version).toBe(before.version + 1);
    expect(await api.sql`select from api.operation where subject_id = ${before.id}`).toHaveLength(before.version + 1);
    expect(await api.events(ada.principal.workspace_id)).toHaveLength(before.version + 1);
  });

  test("a stale If-Match is refused with the current state", async () => {
    const ada = await api.caller();
    const before = await prepare(ada);
    const stale: Answer<unknown> = await call(ada, before.id, { "if-match": `"99"` });
    expect(stale).toMatchObject({ status: 412, body: { current: before } });
    const fresh = await call(ada, before.id, { "if-match": `"${before.version}"` });
    expect(fresh.status).toBe(200);
  });

  test("the wrong id, credential, right or workspace changes nothing", async () => {
    const ada = await api.caller();
    const before = await prepare(ada);
    const { workspace_id } = ada.principal;
    const viewer = await api.caller({ workspace_id, role: "viewer" });
    const stranger = await api.caller();
    expect((await call(viewer, before.id)).status).toBe(403);
    expect((await call({ ...ada, ...(await strangerToAll()) }, before.id)).status).toBe(401);
    const foreign = await call(stranger, before.id);
    const missing = await call(stranger, newId());
    expect([foreign.status, missing.status]).toEqual([404, 404]);
    expect((await ada.get(`/tasks/${before.id}`)).body).toEqual(before);
  });
});

/** The calls of somebody who is not signed in. */
async function strangerToAll(): Promise<Pick<Caller, "get" | "post" | "patch" | "remove">> {
  const as =
    (method: string): Caller["get"] =>
    (path, options) =>
      api.call(undefined, method, `/api/v1${path}`, options);
  return { get: as("GET"), post: as("POST"), patch: as("PATCH"), remove: as("DELETE") };
}

test("completion says when and by whom, reopening clears it", async () => {
  const ada = await api.caller();
  const { id } = await ada.task();
  const done = await complete(ada, id);
  expect(done.body.completed_at).toBe(api.clock().toISOString());
  expect(done.body.completed_by).toBe(ada.principal.user_id);
  const open = await ada.remove(`/tasks/${id}/completion`);
  expect([open.body.completed_at, open.body.completed_by]).toEqual([null, null]);
});

test("in the bin only restoring works; everything else names it", async () => {
  const ada = await api.caller();
  const { id } = await ada.task();
  await bin(ada, id);
  const refused = [
    await ada.patch<ProblemBody>(`/tasks/${id}`, { body: { title: "x" } }),
    await ada.post<ProblemBody>(`/tasks/${id}/completion`),
    await ada.remove<ProblemBody>(`/tasks/${id}/completion`),
    await ada.post<ProblemBody>(`/tasks/${id}/move`, { body: {} }),
  ];
  for (const { status, body } of refused) {
    expect(status).toBe(409);
    expect(body.detail).toContain("/restoration");
  }
  expect((await ada.get(`/tasks/${id}`)).status).toBe(200);
  expect((await ada.post(`/tasks/${id}/restoration`)).body.deleted_at).toBeNull();
});

test("a task whose project is gone is restored into the Inbox", async () => {
  const ada = await api.caller();
  const project = await ada.project();
  const { id } = await ada.task({ project_id: project.id });
  const inbox = (await ada.task()).project_id;
  await bin(ada, id);
  expect((await ada.remove(`/projects/${project.id}`)).status).toBe(204);
  const restored = await ada.post(`/tasks/${id}/restoration`);
  expect(restored.body).toMatchObject({ project_id: inbox, deleted_at: null });
  const last = (await api.events(ada.principal.workspace_id)).at(-1);
  expect(last).toMatchObject({ type: "task.restored.v1", data: { changes: { project_id: [project.id, inbox] } } });
});
