import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Task } from "@rondo/task";
import { newId } from "@rondo/testing";
import { type ApiFixture, type Caller, createApiFixture, type ProblemBody, pointersOf } from "../api.fixture.ts";

let api: ApiFixture;
let ada: Caller;
beforeAll(async () => {
  api = await createApiFixture();
  ada = await api.caller();
});
afterAll(() => api.close());

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
