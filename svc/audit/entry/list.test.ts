import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { CloudEvent } from "@rondo/event";
import { projectEvent, taskEvent } from "@rondo/event/testing";
import { newId } from "@rondo/testing";
import { type AuditFixture, createAuditFixture } from "../audit.fixture.ts";

let audit: AuditFixture;
beforeAll(async () => {
  audit = await createAuditFixture();
});
afterAll(() => audit.close());

const idsOf = (events: readonly CloudEvent[]) => events.map(({ id }) => id);
const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 8, 0, second)).toISOString();

/** Somebody with a few entries of their own: oldest first. */
async function withHistory() {
  const me = audit.caller();
  const { workspace_id } = me.principal;
  const [task_id, project_id, friend] = [newId(), newId(), newId()];
  const task = { id: task_id, project_id };
  const agent = { actor_id: friend, actor_type: "agent" } as const;
  const bought: Record<string, [unknown, unknown]> = { title: [null, "Buy milk"] };
  const created = taskEvent("task.created.v1", { workspace_id, task, time: at(1), changes: bought });
  const completed = taskEvent("task.completed.v1", { workspace_id, task, time: at(2), ...agent });
  const other = taskEvent("task.created.v1", { workspace_id, time: at(3) });
  const updated = projectEvent("project.updated.v1", {
    workspace_id,
    project: { id: project_id },
    time: at(4),
    ...agent,
  });
  await audit.consume(created, completed, other, updated);
  const list = async (query?: Record<string, string | number>) =>
    (await me.page(query)).items.map(({ event_id }) => event_id);
  const ids = { created: created.id, completed: completed.id, other: other.id, updated: updated.id };
  return { me, list, task_id, project_id, friend, ...ids };
}

describe("the trail", () => {
  test("is listed newest first, each entry with its actor and what was before and after", async () => {
    const { me, list, created, completed, other, updated, task_id, project_id } = await withHistory();
    expect(await list()).toEqual([updated, other, completed, created]);
    const { items, next_cursor } = await me.page();
    expect(next_cursor).toBeNull();
    expect(items.at(-1)).toEqual({
      id: expect.any(String),
      event_id: created,
      type: "task.created.v1",
      time: at(1),
      actor_id: expect.any(String),
      actor_type: "user",
      task_id,
      project_id,
      changes: { title: [null, "Buy milk"] },
    });
  });

  test("is filtered by task, project, actor, type and time, which combine with AND", async () => {
    const { list, task_id, project_id, friend, created, completed, other, updated } = await withHistory();
    expect(await list({ task_id })).toEqual([completed, created]);
    expect(await list({ project_id })).toEqual([updated, completed, created]);
    expect(await list({ actor_id: friend })).toEqual([updated, completed]);
    expect(await list({ type: "task.created.v1" })).toEqual([other, created]);
    expect(await list({ from: at(2), to: at(4) })).toEqual([other, completed]);
    expect(await list({ from: "2026-01-31T09:00:02+01:00", to: "2026-01-31T08:00:03Z" })).toEqual([completed]);
    expect(await list({ task_id, actor_id: friend })).toEqual([completed]);
    expect(await list({ task_id, type: "task.deleted.v1" })).toEqual([]);
  });

  test("is paged without a gap or a repetition while it grows", async () => {
    const me = audit.caller();
    const { workspace_id } = me.principal;
    const same = Array.from({ length: 25 }, () => taskEvent("task.updated.v1", { workspace_id, time: at(5) }));
    await audit.consume(...same);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof me.page>> = await me.page({
        limit: 10,
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...page.items.map(({ event_id }) => event_id));
      cursor = page.next_cursor;
      await audit.consume(taskEvent("task.updated.v1", { workspace_id, time: at(6) }));
    } while (cursor !== null);
    expect(seen).toEqual(idsOf(same).toReversed());
  });

  test("gives nobody an entry of another workspace: its things look like things that do not exist", async () => {
    const { task_id, project_id, friend, me } = await withHistory();
    const stranger = audit.caller();
    expect((await stranger.page()).items).toEqual([]);
    for (const query of [{ task_id }, { project_id }, { actor_id: friend }]) {
      const missing = Object.fromEntries(Object.keys(query).map((name) => [name, newId()]));
      const [foreign, none] = [await stranger.get(query), await stranger.get(missing)];
      expect(foreign.status).toBe(200);
      expect(foreign.text).toBe(none.text);
    }
    const { next_cursor } = await me.page({ limit: 1 });
    expect(await stranger.problem({ limit: 1, cursor: next_cursor ?? "" })).toMatchObject({ status: 422 });
  });
});

describe("a cursor", () => {
  test("is good for its own filter only", async () => {
    const { me, task_id } = await withHistory();
    const { next_cursor } = await me.page({ limit: 1, task_id });
    const cursor = next_cursor ?? "";
    expect((await me.page({ limit: 5, task_id, cursor })).items).toHaveLength(1);
    for (const query of [{ cursor }, { cursor, task_id: newId() }, { cursor, task_id, type: "task.created.v1" }]) {
      expect(await me.problem(query)).toEqual({ status: 422, pointers: ["query:cursor"] });
    }
  });

  test.each([
    ["nonsense"],
    ["W10"],
    ["bnVsbA"],
    ["../../etc/passwd"],
    [Buffer.from('["a","b","c"]').toString("base64url")],
  ])("%s is refused, with the field named", async (cursor) => {
    const me = audit.caller();
    expect(await me.problem({ cursor })).toEqual({ status: 422, pointers: ["query:cursor"] });
  });
});

describe("a bad request", () => {
  test("names every wrong parameter at once", async () => {
    const me = audit.caller();
    const { status, pointers } = await me.problem({
      task_id: "42",
      project_id: "' or true --",
      type: "task.exploded.v1",
      from: "2026-02-30T00:00:00Z",
      to: "tomorrow",
      limit: 201,
      tasks: "a typo",
    });
    expect(status).toBe(422);
    expect(pointers.toSorted()).toEqual(
      ["from", "limit", "project_id", "task_id", "tasks", "to", "type"].map((name) => `query:${name}`),
    );
  });

  test.each([["0"], ["-1"], ["1.5"], ["ten"], [""]])("limit %p is refused", async (limit) => {
    expect(await audit.caller().problem({ limit })).toEqual({ status: 422, pointers: ["query:limit"] });
  });
});

describe("who may read it", () => {
  test("nobody who is not signed in", async () => {
    const response = await audit.app.request("/api/v1/audit");
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
  });

  test("a viewer may", async () => {
    const { principal } = audit.caller();
    await audit.consume(taskEvent("task.created.v1", { workspace_id: principal.workspace_id }));
    const viewer = audit.caller({ workspace_id: principal.workspace_id, role: "viewer", scopes: ["tasks:read"] });
    expect((await viewer.page()).items).toHaveLength(1);
  });

  test("a token without tasks:read may not", async () => {
    const token = audit.caller({ actor_type: "token", scopes: ["tasks:write"] });
    expect(await token.problem()).toMatchObject({ status: 403 });
  });

  test("nobody may write it: every other method is refused", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const response = await audit.app.request("/api/v1/audit", { method });
      expect(response.status).toBe(405);
    }
  });

  test("who asks too often is told when to come back", async () => {
    const limited = await createAuditFixture(3);
    const me = limited.caller();
    for (let count = 0; count < 3; count += 1) expect((await me.get()).status).toBe(200);
    const refused = await me.get();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    await limited.close();
  });
});
