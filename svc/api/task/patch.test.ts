import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { type ApiFixture, type Caller, createApiFixture, type ProblemBody, pointersOf } from "../api.fixture.ts";

let api: ApiFixture;
let ada: Caller;
beforeAll(async () => {
  api = await createApiFixture();
  ada = await api.caller();
});
afterAll(() => api.close());

const lastEvent = async (caller: Caller) => (await api.events(caller.principal.workspace_id)).at(-1);

test("a patch changes what it names, and makes a version, an event and an operation", async () => {
  const task = await ada.task({ title: "Buy milk", notes: "2 l", priority: "low" });
  api.clock.advance(1_000);
  const patched = await ada.patch(`/tasks/${task.id}`, { body: { title: "Buy oat milk", priority: null } });
  expect(patched.status).toBe(200);
  const { updated_at } = patched.body;
  expect(patched.body).toEqual({ ...task, title: "Buy oat milk", priority: "none", version: 2, updated_at });
  expect(updated_at > task.updated_at).toBe(true);
  expect(patched.headers.get("etag")).toBe('"2"');
  expect((await ada.get(`/tasks/${task.id}`)).body).toEqual(patched.body);
  expect(await lastEvent(ada)).toMatchObject({
    id: patched.operation ?? "",
    type: "task.updated.v1",
    data: { task: patched.body, changes: { title: ["Buy milk", "Buy oat milk"], priority: ["low", "none"] } },
  });
});

test("a patch without effect makes no version and no event", async () => {
  const task = await ada.task();
  const events = await api.events(ada.principal.workspace_id);
  for (const body of [{}, { title: ` ${task.title} ` }, { notes: null }]) {
    const same = await ada.patch(`/tasks/${task.id}`, { body });
    expect([same.status, same.operation, same.body]).toEqual([200, null, task]);
  }
  expect(await api.events(ada.principal.workspace_id)).toEqual(events);
});

test("clearing the date clears the time with it", async () => {
  const due = { due_date: "2026-01-31", due_time: "09:00", time_zone: "Europe/Warsaw" };
  const task = await ada.task(due);
  const cleared = await ada.patch(`/tasks/${task.id}`, { body: { due_date: null } });
  expect(cleared.body).toMatchObject({ due_date: null, due_time: null, time_zone: null, due_at: null });
});

test("a patch that would leave a time without its date is refused", async () => {
  const task = await ada.task();
  const body = { due_time: "09:00", time_zone: "UTC" };
  const refused = await ada.patch<ProblemBody>(`/tasks/${task.id}`, { body });
  expect(refused.status).toBe(422);
  expect(pointersOf(refused)).toEqual(["/due_time"]);
});

test("a new project is a move; a project that is not there is refused", async () => {
  const task = await ada.task();
  const { id: project_id } = await ada.project();
  const moved = await ada.patch(`/tasks/${task.id}`, { body: { project_id } });
  expect(moved.body).toEqual({ ...task, project_id, version: 2, updated_at: moved.body.updated_at });
  expect(await lastEvent(ada)).toMatchObject({ type: "task.moved.v1" });
  const refused = await ada.patch<ProblemBody>(`/tasks/${task.id}`, { body: { project_id: newId() } });
  expect(pointersOf(refused)).toEqual(["/project_id"]);
});

test("a stale If-Match gets 412 with the current state and changes nothing", async () => {
  const task = await ada.task();
  await ada.patch(`/tasks/${task.id}`, { body: { title: "first" } });
  const headers = { "if-match": '"1"' };
  const stale = await ada.patch<ProblemBody>(`/tasks/${task.id}`, { body: { title: "second" }, headers });
  expect(stale.status).toBe(412);
  expect(stale.body.current).toMatchObject({ title: "first", version: 2 });
  const fresh = await ada.patch(`/tasks/${task.id}`, { body: { title: "second" }, headers: { "if-match": '"2"' } });
  expect(fresh.body).toMatchObject({ title: "second", version: 3 });
});

test("of two writers with the same If-Match one wins, whatever the timing", async () => {
  const task = await ada.task();
  const write = (title: string) => ada.patch(`/tasks/${task.id}`, { body: { title }, headers: { "if-match": '"1"' } });
  const answers = await Promise.all(["a", "b", "c", "d", "e"].map(write));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
});

test("ten writers of different fields without If-Match all succeed, and no change is lost", async () => {
  const task = await ada.task();
  const bodies = [{ title: "x" }, { notes: "y" }, { priority: "high" }, { due_date: "2026-03-01" }];
  const answers = await Promise.all(bodies.map((body) => ada.patch(`/tasks/${task.id}`, { body })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const { body } = await ada.get(`/tasks/${task.id}`);
  expect(body).toMatchObject({ title: "x", notes: "y", priority: "high", due_date: "2026-03-01", version: 5 });
});

test("without a credential or the right to write nothing is changed", async () => {
  const task = await ada.task();
  const options = { body: { title: "mine" } };
  expect((await api.call(undefined, "PATCH", `/api/v1/tasks/${task.id}`, options)).status).toBe(401);
  const { workspace_id } = ada.principal;
  const reader = await api.caller({ workspace_id, scopes: ["tasks:read"] });
  expect((await reader.patch(`/tasks/${task.id}`, options)).status).toBe(403);
  expect((await ada.get(`/tasks/${task.id}`)).body).toEqual(task);
});

describe("refused with the field that is wrong:", () => {
  const wrong: [string, object, string[]][] = [
    ["a title cleared", { title: null }, ["/title"]],
    ["an empty title", { title: "" }, ["/title"]],
    ["a NUL in the notes", { notes: "\0" }, ["/notes"]],
    ["a day that is not", { due_date: "2026-02-30" }, ["/due_date"]],
    ["a workspace", { workspace_id: newId() }, ["/workspace_id"]],
    ["a maker", { created_by: newId() }, ["/created_by"]],
    ["a completion", { completed_at: "2026-01-01T00:00:00.000Z" }, ["/completed_at"]],
    ["a version", { version: 1 }, ["/version"]],
    ["a position", { position: "a0" }, ["/position"]],
  ];
  test.each(wrong)("%s", async (_, body, pointers) => {
    const task = await ada.task();
    const refused = await ada.patch<ProblemBody>(`/tasks/${task.id}`, { body });
    expect(refused.status).toBe(422);
    expect(pointersOf(refused)).toEqual(pointers);
  });
});

test("a body that is no object, no JSON or no JSON type is refused as such", async () => {
  const { id } = await ada.task();
  expect((await ada.patch(`/tasks/${id}`, { body: [] })).status).toBe(422);
  expect((await ada.patch(`/tasks/${id}`, { body: '{"title":' })).status).toBe(400);
  expect((await ada.patch(`/tasks/${id}`, { body: "title=x", headers: { "content-type": "text/plain" } })).status).toBe(
    415,
  );
  expect((await ada.patch(`/tasks/${id}`, { body: `{"a":${"[".repeat(100)}${"]".repeat(100)}}` })).status).toBe(400);
  expect((await ada.patch(`/tasks/${id}`, { body: { notes: "x".repeat(10_000_000) } })).status).toBe(413);
});
