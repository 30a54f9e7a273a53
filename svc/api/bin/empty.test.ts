import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Sql } from "@rondo/db";
import type { Project } from "@rondo/task";
import { newId } from "@rondo/testing";
import { type ApiFixture, type Caller, createApiFixture } from "../api.fixture.ts";
import { purgeProjects } from "../project/purge.ts";
import { deleteBinnedProjects } from "../project/queries.ts";
import { purgeTasks } from "../task/purge.ts";
import { deleteBinnedTasks } from "../task/queries.ts";
import { emptyBin, keptMs } from "./empty.ts";

let api: ApiFixture;
let deps: Parameters<typeof emptyBin>[0];
let ada: Caller;
beforeEach(async () => {
  api = await createApiFixture();
  deps = { db: api.db, newId };
  ada = await api.caller();
});
afterEach(() => api.close());

const after = (ms: number) => new Date(api.clock().getTime() + ms);
const emptyBins = async (now: Date, over?: AbortSignal) => {
  const tasks = await emptyBin(deps, purgeTasks, now, over);
  return { tasks, projects: await emptyBin(deps, purgeProjects, now, over) };
};
const nothing = { tasks: 0, projects: 0 };

/** Tasks that have been in the bin since now, made by the shortest way. */
async function binned(count: number): Promise<string> {
  const { id: project } = await ada.project();
  const { user_id, workspace_id } = ada.principal;
  await api.sql`
    insert into api.task (id, workspace_id, project_id, title, notes, priority, deleted_at, position, created_at, created_by, updated_at)
    select gen_random_uuid(), ${workspace_id}, ${project}, 'x', '', 'none', ${api.clock()}, 'a0', now(), ${user_id}, now()
    from generate_series(1, ${count})`;
  return project;
}

test("a task is gone for good once it has been in the bin for 30 days, and not before; all others stay", async () => {
  const [deleted, restored, open] = [await ada.task(), await ada.task(), await ada.task()];
  const { operation } = await ada.remove(`/tasks/${deleted.id}`);
  await ada.remove(`/tasks/${restored.id}`);
  await ada.post(`/tasks/${restored.id}/restoration`);
  expect(await emptyBins(after(keptMs))).toEqual(nothing);
  expect((await ada.get(`/tasks/${deleted.id}`)).status).toBe(200);
  expect(await emptyBins(after(keptMs + 1))).toEqual({ tasks: 1, projects: 0 });
  expect((await ada.get(`/tasks/${deleted.id}`)).status).toBe(404);
  expect((await ada.post(`/tasks/${deleted.id}/restoration`)).status).toBe(404);
  expect((await ada.post("/undo", { body: { operation_id: operation } })).status).toBe(404);
  for (const { id } of [restored, open]) expect((await ada.get(`/tasks/${id}`)).status).toBe(200);
  expect(await emptyBins(after(keptMs + 1))).toEqual(nothing);
});

test("a deleted project is gone with its time, and its tasks before it; while it has one it stays", async () => {
  const project = await ada.project();
  const task = await ada.task({ project_id: project.id });
  await ada.remove(`/tasks/${task.id}`);
  api.clock.advance(1_000);
  const { operation } = await ada.remove<Project>(`/projects/${project.id}`);
  expect(await emptyBins(after(keptMs))).toEqual({ tasks: 1, projects: 0 });
  expect((await ada.post("/undo", { body: { operation_id: operation } })).status).toBe(200);
  await ada.remove<Project>(`/projects/${project.id}`);
  const { user_id, workspace_id } = ada.principal;
  const late = newId();
  await api.sql`
    insert into api.task (id, workspace_id, project_id, title, notes, priority, deleted_at, position, created_at, created_by, updated_at)
    values (${late}, ${workspace_id}, ${project.id}, 'x', '', 'none', ${after(5_000)}, 'a0', now(), ${user_id}, now())`;
  expect(await emptyBins(after(keptMs + 1))).toEqual(nothing);
  expect(await emptyBins(after(keptMs + 6_000))).toEqual({ tasks: 1, projects: 1 });
  expect(await api.sql`select from api.project where id = ${project.id}`).toHaveLength(0);
});

test("each purge is a fact of its own: which thing, by Rondo itself, newer than its deletion, and no operation", async () => {
  const project = await ada.project();
  const task = await ada.task({ project_id: project.id });
  await ada.remove(`/tasks/${task.id}`);
  await ada.remove(`/projects/${project.id}`);
  await api.sql`delete from api.outbox`;
  const operations = () => api.sql`select count(*) from api.operation`;
  const before = await operations();
  const now = after(keptMs + 1);
  expect(await emptyBins(now)).toEqual({ tasks: 1, projects: 1 });
  const { workspace_id } = ada.principal;
  const by = { source: "/rondo/api", actortype: "system", actorid: "api", time: now.toISOString() };
  expect(await api.events(workspace_id)).toMatchObject([
    {
      ...by,
      type: "task.purged.v1",
      subject: task.id,
      data: { task: { id: task.id, workspace_id, project_id: project.id, version: 3 }, changes: {} },
    },
    {
      ...by,
      type: "project.purged.v1",
      subject: project.id,
      data: { project: { id: project.id, workspace_id, version: 3 }, changes: {} },
    },
  ]);
  expect(await operations()).toEqual(before);
});

test("a purge and its fact are one: when the fact cannot be written, the task stays", async () => {
  const task = await ada.task();
  await ada.remove(`/tasks/${task.id}`);
  await api.sql`alter table api.outbox add constraint no_purge check (type <> 'task.purged.v1')`;
  await expect(emptyBins(after(keptMs + 1))).rejects.toThrow("no_purge");
  expect((await ada.get(`/tasks/${task.id}`)).status).toBe(200);
});

test("a full bin is emptied in pieces, and may be left between two of them", async () => {
  await binned(1_200);
  const leave = AbortSignal.abort();
  expect(await emptyBins(after(keptMs + 1), leave)).toEqual(nothing);
  expect(await emptyBins(after(keptMs + 1))).toEqual({ tasks: 1_200, projects: 0 });
});

test("a task that is being restored is left alone, and nobody waits for it", async () => {
  const [restored, other] = [await ada.task(), await ada.task()];
  for (const { id } of [restored, other]) await ada.remove(`/tasks/${id}`);
  await api.db.transaction(async (tx) => {
    await tx`update api.task set deleted_at = null where id = ${restored.id}`;
    expect(await emptyBins(after(keptMs + 1))).toEqual({ tasks: 1, projects: 0 });
  });
  expect((await ada.get(`/tasks/${restored.id}`)).status).toBe(200);
});

test("looking costs little, however many tasks and projects there are: each statement walks indexes alone", async () => {
  await binned(5_000);
  // So few are left in the bin that reading the whole of even this small table costs more than walking the index.
  const { user_id, workspace_id } = ada.principal;
  await api.sql`update api.task set deleted_at = null where random() < 0.998`;
  await api.sql`
    insert into api.project (id, workspace_id, name, color, position, deleted_at, created_at, created_by, updated_at)
    select gen_random_uuid(), ${workspace_id}, 'x', 'gray', 'a0', case when n % 500 = 0 then ${api.clock()}::timestamptz end,
      now(), ${user_id}, now()
    from generate_series(1, 5000) n`;
  await api.sql`vacuum analyze api.task, api.project`;
  const scansOf = (run: (sql: Sql) => Promise<unknown>) =>
    api.db.transaction(async (tx) => {
      // PostgreSQL has not always put away by now what the connection did in the transactions before this one.
      const scans = () => tx<{ table: string; rows: number }[]>`
        select relname as table, seq_tup_read as rows from pg_stat_xact_user_tables
        where schemaname = 'api' and relname in ('task', 'project') order by 1`;
      const before = await scans();
      await run(tx);
      return (await scans()).map(({ table, rows }, index) => ({ table, rows: rows - (before[index]?.rows ?? 0) }));
    });
  const none = [
    { table: "project", rows: 0 },
    { table: "task", rows: 0 },
  ];
  expect(await scansOf((sql) => deleteBinnedTasks(sql, after(1), 500))).toEqual(none);
  expect(await scansOf((sql) => deleteBinnedProjects(sql, after(1), 500))).toEqual(none);
});
