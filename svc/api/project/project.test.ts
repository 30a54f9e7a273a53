import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "@rondo/contract";
import type { Project } from "@rondo/task";
import { newId, waitFor } from "@rondo/testing";
import { type ApiFixture, type Caller, createApiFixture, type ProblemBody, pointersOf } from "../api.fixture.ts";

let api: ApiFixture;
let ada: Caller;
beforeAll(async () => {
  api = await createApiFixture();
  ada = await api.caller();
});
afterAll(() => api.close());

const patch = (id: string, body: object, headers = {}) => ada.patch<Project>(`/projects/${id}`, { body, headers });
const list = async (query = "", caller = ada) => (await caller.get<Page<Project>>(`/projects${query}`)).body;
const names = async (query = "", caller = ada) => (await list(query, caller)).items.map(({ name }) => name);
const lastEvent = async () => (await api.events(ada.principal.workspace_id)).at(-1);
const inboxOf = async (caller: Caller) => {
  const inbox = (await list("", caller)).items.find(({ is_inbox }) => is_inbox);
  if (!inbox) throw new Error("there is no Inbox");
  return inbox;
};

async function isSomebodyWaiting(): Promise<boolean> {
  const waiting = await api.sql`
    select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  return waiting.length > 0;
}

test("everybody has an Inbox from the start", async () => {
  const bob = await api.caller();
  expect(await list("", bob)).toEqual({
    items: [expect.objectContaining({ name: "Inbox", is_inbox: true })],
    next_cursor: null,
  });
});

test("a new project is kept as it was answered, with its event and operation", async () => {
  const made = await ada.post<Project>("/projects", { body: { name: "  House ", color: "blue" } });
  expect(made.status).toBe(201);
  expect(made.body).toEqual({
    id: expect.any(String),
    workspace_id: ada.principal.workspace_id,
    name: "House",
    color: "blue",
    is_inbox: false,
    position: expect.any(String),
    archived_at: null,
    version: 1,
    created_at: api.clock().toISOString(),
    created_by: ada.principal.user_id,
    updated_at: api.clock().toISOString(),
  });
  expect(made.headers.get("location")).toBe(`/api/v1/projects/${made.body.id}`);
  expect((await ada.get<Project>(`/projects/${made.body.id}`)).body).toEqual(made.body);
  expect(await lastEvent()).toMatchObject({
    id: made.operation ?? "",
    type: "project.created.v1",
    subject: made.body.id,
    data: { project: made.body, changes: { name: [null, "House"], color: [null, "blue"] } },
  });
});

test("a patch renames, colours and archives; without effect it makes no version", async () => {
  const project = await ada.project();
  const renamed = await patch(project.id, { name: "Home", color: "teal" });
  expect(renamed.body).toMatchObject({ name: "Home", color: "teal", version: 2 });
  expect(await lastEvent()).toMatchObject({ type: "project.updated.v1" });
  const archived = await patch(project.id, { archived: true });
  expect(archived.body.archived_at).toBe(api.clock().toISOString());
  expect(await lastEvent()).toMatchObject({ id: archived.operation ?? "", type: "project.archived.v1" });
  const same = await patch(project.id, { archived: true, name: "Home" });
  expect([same.operation, same.body.version]).toEqual([null, 3]);
  const back = await patch(project.id, { archived: false });
  expect([back.body.archived_at, back.headers.get("etag")]).toEqual([null, '"4"']);
  expect(await lastEvent()).toMatchObject({ type: "project.restored.v1" });
});

test("the list shows the active ones, or the archive, page by page in their order", async () => {
  const bob = await api.caller();
  const made: Project[] = [];
  for (const name of ["A", "B", "C", "D"]) made.push(await bob.project({ name }));
  await bob.patch(`/projects/${made[1]?.id}`, { body: { archived: true } });
  expect(await names("", bob)).toEqual(["Inbox", "A", "C", "D"]);
  expect(await names("?archived=false", bob)).toEqual(["Inbox", "A", "C", "D"]);
  expect(await names("?archived=true", bob)).toEqual(["B"]);
  const first = await list("?limit=3", bob);
  expect(await names(`?limit=3&cursor=${first.next_cursor}`, bob)).toEqual(["D"]);
  const foreign = await bob.get<ProblemBody>(`/projects?archived=true&cursor=${first.next_cursor}`);
  expect(pointersOf(foreign)).toEqual(["query:cursor"]);
  expect((await bob.get("/projects?archived=yes")).status).toBe(422);
});

test("projects are moved before and after each other, also between equal positions", async () => {
  const bob = await api.caller();
  const [a, b, c] = [
    await bob.project({ name: "A" }),
    await bob.project({ name: "B" }),
    await bob.project({ name: "C" }),
  ];
  const move = (id: string, body: object) => bob.post<Project>(`/projects/${id}/move`, { body });
  const moved = await move(c.id, { before_id: a.id });
  expect([moved.status, moved.body.version]).toEqual([200, 2]);
  expect(await names("", bob)).toEqual(["Inbox", "C", "A", "B"]);
  await api.sql`update api.project set position = 'g1' where workspace_id = ${bob.principal.workspace_id} and not is_inbox`;
  expect(await names("", bob)).toEqual(["Inbox", "A", "B", "C"]);
  await move(c.id, { after_id: a.id });
  expect(await names("", bob)).toEqual(["Inbox", "A", "C", "B"]);
  await move(a.id, {});
  expect(await names("", bob)).toEqual(["Inbox", "C", "B", "A"]);
  const theirs = await ada.project();
  for (const neighbour of [theirs.id, newId(), b.id]) {
    const refused = await bob.post<ProblemBody>(`/projects/${b.id}/move`, { body: { after_id: neighbour } });
    expect([refused.status, ...pointersOf(refused)]).toEqual([422, "/after_id"]);
  }
});

describe("deleting", () => {
  test("an empty project goes, with its event; then it is missing everywhere", async () => {
    const project = await ada.project();
    const gone = await ada.remove(`/projects/${project.id}`);
    expect(gone.status).toBe(204);
    expect(await lastEvent()).toMatchObject({ id: gone.operation ?? "", type: "project.deleted.v1" });
    expect((await ada.get(`/projects/${project.id}`)).status).toBe(404);
    expect((await ada.remove(`/projects/${project.id}`)).status).toBe(404);
    expect((await patch(project.id, { name: "x" })).status).toBe(404);
    expect((await list()).items.some(({ id }) => id === project.id)).toBe(false);
    expect((await ada.post("/tasks", { body: { title: "x", project_id: project.id } })).status).toBe(422);
  });

  test("a project with an open or completed task stays; tasks in the bin do not hold it", async () => {
    const project = await ada.project();
    const { id } = await ada.task({ project_id: project.id });
    expect((await ada.remove(`/projects/${project.id}`)).status).toBe(409);
    await ada.post(`/tasks/${id}/completion`);
    expect((await ada.remove(`/projects/${project.id}`)).status).toBe(409);
    await ada.remove(`/tasks/${id}`);
    expect((await ada.remove(`/projects/${project.id}`)).status).toBe(204);
  });

  test("the Inbox is neither deleted nor archived", async () => {
    const { id } = await inboxOf(await api.caller({ workspace_id: ada.principal.workspace_id }));
    expect((await ada.remove(`/projects/${id}`)).status).toBe(409);
    expect((await patch(id, { archived: true })).status).toBe(409);
  });

  test("a task that is being put into it while it is being deleted is refused", async () => {
    const project = await ada.project();
    const put = await api.db.transaction(async (tx) => {
      await tx`select from api.project where id = ${project.id} for update`;
      await tx`update api.project set deleted_at = now() where id = ${project.id}`;
      const waiting = ada.post("/tasks", { body: { title: "x", project_id: project.id } });
      await waitFor(isSomebodyWaiting, { what: "the new task to wait for the project" });
      return { answer: waiting };
    });
    expect((await put.answer).status).toBe(422);
  });

  test("it stays when a task was being put into it", async () => {
    const project = await ada.project();
    const task = await ada.task();
    const deletion = await api.db.transaction(async (tx) => {
      await tx`update api.task set project_id = ${project.id} where id = ${task.id}`;
      const waiting = ada.remove(`/projects/${project.id}`);
      await waitFor(isSomebodyWaiting, { what: "the deletion to wait for the task" });
      return { answer: waiting };
    });
    expect((await deletion.answer).status).toBe(409);
  });
});

test("the same Idempotency-Key makes one project, also after a death between commit and answer", async () => {
  const headers = { "idempotency-key": newId() };
  const send = () => ada.post<Project>("/projects", { body: { name: "once" }, headers });
  const first = await send();
  await api.sql`
    update api.idempotency set status = null, headers = null, body = null, leased_until = '-infinity'
    where key = ${headers["idempotency-key"]}`;
  const second = await send();
  expect([second.status, second.body, second.operation]).toEqual([201, first.body, first.operation]);
});
