import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Project, Task } from "@rondo/task";
import { newId } from "@rondo/testing";
import { type ApiFixture, type Caller, createApiFixture, type ProblemBody, pointersOf } from "../api.fixture.ts";

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

describe("refused with the field that is wrong, and nothing made:", () => {
  const long = "x".repeat(501);
  const wrong: [string, object, string[]][] = [
    ["no title", {}, ["/title"]],
    ["an empty title", { title: "" }, ["/title"]],
    ["a title of spaces", { title: "  \u200b " }, ["/title"]],
    ["a long title", { title: long }, ["/title"]],
    ["a title of 900 kB", { title: "x".repeat(900_000) }, ["/title"]],
    ["a NUL", { title: "a\0b" }, ["/title"]],
    ["a control character", { title: "a\u0007b" }, ["/title"]],
    ["two lines", { title: "a\nb" }, ["/title"]],
    ["a right-to-left override", { title: "a\u202eb" }, ["/title"]],
    ["an isolate in the notes", { title: "a", notes: "\u2066" }, ["/notes"]],
    ["long notes", { title: "a", notes: "x".repeat(50_001) }, ["/notes"]],
    ["null notes", { title: "a", notes: null }, ["/notes"]],
    ["an unknown priority", { title: "a", priority: "p1" }, ["/priority"]],
    ["a day that is not", { title: "a", due_date: "2026-02-30" }, ["/due_date"]],
    ["the year 9999", { title: "a", due_date: "9999-12-31" }, ["/due_date"]],
    ["a day as a number", { title: "a", due_date: 20260131 }, ["/due_date"]],
    ["a time alone", { title: "a", due_time: "09:00", time_zone: "UTC" }, ["/due_time"]],
    ["a time without a zone", { title: "a", due_date: "2026-01-31", due_time: "09:00" }, ["/time_zone"]],
    ["a zone without a time", { title: "a", due_date: "2026-01-31", time_zone: "UTC" }, ["/time_zone"]],
    ["a time that is not", { title: "a", due_date: "2026-01-31", due_time: "24:00", time_zone: "UTC" }, ["/due_time"]],
    [
      "an offset for a zone",
      { title: "a", due_date: "2026-01-31", due_time: "09:00", time_zone: "+01:00" },
      ["/time_zone"],
    ],
    [
      "a place for a zone",
      { title: "a", due_date: "2026-01-31", due_time: "09:00", time_zone: "../etc" },
      ["/time_zone"],
    ],
    ["a project that is no id", { title: "a", project_id: "inbox" }, ["/project_id"]],
    ["a project that is not there", { title: "a", project_id: newId() }, ["/project_id"]],
    ["somebody's workspace", { title: "a", workspace_id: newId() }, ["/workspace_id"]],
    ["somebody's name", { title: "a", created_by: newId(), version: 7 }, ["/created_by", "/version"]],
    ["an id of one's own", { title: "a", id: newId() }, ["/id"]],
    ["a typo", { title: "a", dueDate: "2026-01-31" }, ["/dueDate"]],
    ["several at once", { title: 7, notes: 7, priority: 7 }, ["/title", "/notes", "/priority"]],
  ];
  test.each(wrong)("%s", async (_, body, pointers) => {
    const bob = await api.caller();
    const refused = await bob.post<ProblemBody>("/tasks", { body });
    expect(refused.status).toBe(422);
    expect([...pointersOf(refused)].sort()).toEqual([...pointers].sort());
    expect(await api.events(bob.principal.workspace_id)).toEqual([]);
  });
});

test("a lone surrogate is refused, a pair is kept", async () => {
  const refused = await ada.post<ProblemBody>("/tasks", { body: '{"title":"a\\ud800"}' });
  expect(refused.status).toBe(422);
  expect(pointersOf(refused)).toEqual(["/title"]);
  expect((await ada.task({ title: "🎼" })).title).toBe("🎼");
});

test("text is kept in NFC, and markup as it is", async () => {
  expect((await ada.task({ title: "Cafe\u0301" })).title).toBe("Café");
  const script = `<script>alert(1)</script> javascript:alert(1) <a hx-get="/x">`;
  const task: Task = await ada.task({ title: script, notes: script });
  expect((await ada.get(`/tasks/${task.id}`)).body).toMatchObject({ title: script, notes: script });
});

test("somebody else's project looks like none, and an archived one takes no tasks", async () => {
  const bob = await api.caller();
  const theirs = await bob.project();
  const archived = await ada.project();
  await ada.patch(`/projects/${archived.id}`, { body: { archived: true } });
  const answers = [];
  for (const project_id of [theirs.id, newId(), archived.id]) {
    answers.push(await ada.post<ProblemBody>("/tasks", { body: { title: "x", project_id } }));
  }
  expect(answers.map(({ status }) => status)).toEqual([422, 422, 422]);
  const [first, ...rest] = answers.map(({ body }) => ({ ...body, request_id: "" }));
  for (const other of rest) expect(other).toEqual(first ?? other);
});
