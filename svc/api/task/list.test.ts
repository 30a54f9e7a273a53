import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "@rondo/contract";
import { encodeCursor } from "@rondo/http";
import { orders, priorities, type Task, type TaskSort, taskSorts } from "@rondo/task";
import { newId } from "@rondo/testing";
import {
  type Answer,
  type ApiFixture,
  type Caller,
  createApiFixture,
  type ProblemBody,
  pointersOf,
} from "../api.fixture.ts";

let api: ApiFixture;
let ada: Caller;
let tasks: readonly Task[];
let project: string;
beforeAll(async () => {
  api = await createApiFixture();
  ada = await api.caller();
  project = (await ada.project()).id;
  tasks = await makeTasks();
});
afterAll(() => api.close());

/** Sixty tasks with many equal sort keys: a third completed, some in the bin, half in a project of their own. */
async function makeTasks(): Promise<Task[]> {
  const made: Task[] = [];
  for (let index = 0; index < 60; index++) {
    api.clock.advance(index % 4 === 0 ? 1_000 : 0);
    const due_date = [null, "2026-02-01", "2026-03-01", "2026-03-02"][index % 4];
    const timed = index % 8 === 3 ? { due_time: "01:00", time_zone: "Pacific/Auckland" } : {};
    let task = await ada.task({
      title: ["élan", "Zoo", "apple", "zebra", "Apple"][index % 5],
      priority: priorities[index % priorities.length],
      due_date,
      ...timed,
      ...(index % 2 === 0 ? { project_id: project } : {}),
    });
    if (index % 3 === 0) task = (await ada.post(`/tasks/${task.id}/completion`)).body;
    if (index % 7 === 0) task = (await ada.remove(`/tasks/${task.id}`)).body;
    made.push(task);
  }
  return made;
}

const list = (query: string, caller = ada) => caller.get<Page<Task>>(`/tasks${query}`);

/** All pages of a list. */
async function pages(query: string, limit: number): Promise<Task[]> {
  const all: Task[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { status, body }: Answer<Page<Task>> = await list(
      `?${query}&limit=${limit}${cursor === "" ? "" : `&cursor=${cursor}`}`,
    );
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    all.push(...body.items);
    cursor = body.next_cursor;
  }
  return all;
}

const collator = new Intl.Collator("und");
const keys: Record<TaskSort, (a: Task, b: Task) => number> = {
  position: (a, b) => compare(a.position, b.position),
  due_date: (a, b) => compare(a.due_at ?? "infinity", b.due_at ?? "infinity"),
  priority: (a, b) => priorities.indexOf(a.priority) - priorities.indexOf(b.priority),
  created_at: (a, b) => compare(a.created_at, b.created_at),
  updated_at: (a, b) => compare(a.updated_at, b.updated_at),
  title: (a, b) => collator.compare(a.title, b.title),
};
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const statusOf = (task: Task) =>
  task.deleted_at !== null ? "deleted" : task.completed_at !== null ? "completed" : "open";

describe.each([...taskSorts])("sorted by %s", (sort) => {
  test.each([...orders])("%s: pages join to the whole, in order, whatever the status and project", async (order) => {
    for (const status of ["open", "completed", "deleted", "all"]) {
      for (const within of [undefined, project]) {
        const wanted = tasks
          .filter((task) => status === "all" || statusOf(task) === status)
          .filter((task) => within === undefined || task.project_id === within)
          .toSorted((a, b) => (keys[sort](a, b) || compare(a.id, b.id)) * (order === "asc" ? 1 : -1));
        const query = `status=${status}&sort=${sort}&order=${order}${within ? `&project=${within}` : ""}`;
        expect((await pages(query, 7)).map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
      }
    }
  });
});

test("without parameters: open tasks by position, 50 at most", async () => {
  const { body } = await list("");
  const open = tasks.filter((task) => statusOf(task) === "open");
  expect(body).toEqual({ items: open, next_cursor: null });
});

test("filters combine with AND; due_after is inclusive, due_before exclusive, both by the calendar of the task", async () => {
  const found = await pages("status=all&priority=high&due_after=2026-02-01&due_before=2026-03-02", 200);
  const wanted = tasks.filter(
    ({ priority, due_date }) => priority === "high" && (due_date === "2026-02-01" || due_date === "2026-03-01"),
  );
  expect(new Set(found.map(({ id }) => id))).toEqual(new Set(wanted.map(({ id }) => id)));
  expect(wanted.length).toBeGreaterThan(0);
  const timed = await pages("status=all&due_after=2026-03-02", 200);
  expect(timed.map(({ due_date }) => due_date)).toEqual(timed.map(() => "2026-03-02"));
  expect(timed.some(({ due_at }) => due_at?.startsWith("2026-03-01"))).toBe(true);
});

test("a cursor stays good while tasks are made, changed and removed: nothing comes twice, and what stayed is not missed", async () => {
  const bob = await api.caller();
  const made: Task[] = [];
  for (let index = 0; index < 12; index++) made.push(await bob.task({ title: `t${index}` }));
  const first = await list("?limit=4", bob);
  await bob.remove(`/tasks/${first.body.items[1]?.id}`);
  await bob.post(`/tasks/${first.body.items[3]?.id}/completion`);
  await bob.patch(`/tasks/${made[8]?.id}`, { body: { title: "changed" } });
  await bob.task({ title: "new" });
  const rest = await list(`?limit=200&cursor=${first.body.next_cursor}`, bob);
  expect(rest.body.items.map(({ title }) => title)).toEqual([
    "t4",
    "t5",
    "t6",
    "t7",
    "changed",
    "t9",
    "t10",
    "t11",
    "new",
  ]);
});

describe("a cursor is refused", () => {
  const cursorOf = async (query: string, caller = ada) =>
    (await list(`?limit=3${query}`, caller)).body.next_cursor ?? "none";
  const refusal = async (query: string, cursor: string, caller = ada) => {
    const answer = await caller.get<ProblemBody>(`/tasks?limit=3${query}&cursor=${encodeURIComponent(cursor)}`);
    expect(answer.status).toBe(422);
    expect(pointersOf(answer)).toEqual(["query:cursor"]);
  };

  test("with another sort, order, status or filter", async () => {
    const cursor = await cursorOf("&sort=title");
    for (const query of [
      "",
      "&sort=title&order=desc",
      "&sort=title&status=all",
      "&sort=title&priority=low",
      `&sort=title&project=${project}`,
    ]) {
      await refusal(query, cursor);
    }
    expect((await list(`?limit=100&sort=title&cursor=${cursor}`)).status).toBe(200);
  });

  test("in another workspace", async () => {
    const bob = await api.caller();
    for (let index = 0; index < 5; index++) await bob.task();
    await refusal("", await cursorOf(""), bob);
  });

  test.each(["created_at", "updated_at", "due_date"])(
    "of %s, when its key is no moment of PostgreSQL's",
    async (sort) => {
      const { workspace_id } = ada.principal;
      const scope = JSON.stringify(["tasks", { workspace_id }, "open", sort, "asc"]);
      const cursorAt = (key: string) => encodeCursor(scope, { key, id: newId() });
      for (const key of ["0000-01-01T00:00:00.000Z", "2026-02-30T00:00:00.000Z", "2026-01-01T24:00:00.000Z"]) {
        await refusal(`&sort=${sort}`, cursorAt(key));
      }
      expect((await list(`?limit=3&sort=${sort}&cursor=${cursorAt("0001-01-01T00:00:00.000Z")}`)).status).toBe(200);
    },
  );

  test("when tampered with, made up or of another list", async () => {
    const cursor = await cursorOf("");
    const [key, id, seal] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as [string, string, string];
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const wrong = [
      encode([key, newId(), seal]),
      encode([`${key}0`, id, seal]),
      encode([key, id]),
      encode({}),
      "x",
      "%00",
      "💥",
    ];
    for (const made of [...wrong, "' or 1=1 --", "a".repeat(5_000), cursor.slice(0, -3)]) await refusal("", made);
  });
});

describe("refused with the parameter that is wrong:", () => {
  const wrong: [string, string[]][] = [
    ["limit=0", ["query:limit"]],
    ["limit=201", ["query:limit"]],
    ["limit=99999999999999999999", ["query:limit"]],
    ["limit=-1", ["query:limit"]],
    ["limit=1e2", ["query:limit"]],
    ["limit=", ["query:limit"]],
    ["limit=5&limit=6", ["query:limit"]],
    ["sort=id", ["query:sort"]],
    ["order=down", ["query:order"]],
    ["status=done", ["query:status"]],
    ["priority=p1", ["query:priority"]],
    ["project=inbox", ["query:project"]],
    ["due_before=2026-02-30", ["query:due_before"]],
    ["due_after=9999-01-01", ["query:due_after"]],
    ["workspace_id=x&sort=id", ["query:workspace_id", "query:sort"]],
    ["sort=%00", ["query:sort"]],
  ];
  test.each(wrong)("%s", async (query, pointers) => {
    const refused = await ada.get<ProblemBody>(`/tasks?${query}`);
    expect(refused.status).toBe(422);
    expect(new Set(pointersOf(refused))).toEqual(new Set(pointers));
  });
});

test("nobody sees tasks of others, and who may not read sees none", async () => {
  const stranger = await api.caller();
  expect((await list("?status=all", stranger)).body.items).toEqual([]);
  expect((await list(`?status=all&project=${project}`, stranger)).body.items).toEqual([]);
  const { workspace_id } = ada.principal;
  const writer = await api.caller({ workspace_id, scopes: ["tasks:write"] });
  expect((await list("", writer)).status).toBe(403);
  expect((await api.call(undefined, "GET", "/api/v1/tasks")).status).toBe(401);
});
