import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { orders, type TaskSort, taskSorts } from "@rondo/task";
import { createTestDatabase, newId, type TestDatabase } from "@rondo/testing";
import { apiMigrations } from "../migrations.ts";
import { pageOfTasks, type TaskList } from "./list_queries.ts";

/**
 * The trap: when other projects have grown since, a planner without the right index lists a project by walking everything
 * newer. So one project is old and huge, one is old and small, one is new and large; and there are other workspaces.
 */
const sizes = { huge: 20_000, small: 500, newer: 8_000, elsewhere: 3_000 };
const limit = 51;
/** A page of 51 rows spread over the heap, with an index's height and change: far from any walk of a project. */
const mostBuffers = 150;

let database: TestDatabase;
const workspace_id = newId();
const projects = { huge: newId(), small: newId(), newer: newId(), elsewhere: newId() };

beforeAll(async () => {
  database = await createTestDatabase({ schemas: [apiMigrations] });
  const elsewhere = newId();
  for (const id of [workspace_id, elsewhere]) {
    await database.sql`insert into api.workspace (id, name, slug, created_at) values (${id}, 'W', ${id}, now())`;
  }
  let begin = 0;
  for (const name of ["huge", "small", "elsewhere", "newer"] as const) {
    await seed(name === "elsewhere" ? elsewhere : workspace_id, projects[name], { begin, count: sizes[name] });
    begin += sizes[name];
  }
  await database.sql`vacuum analyze api.task`;
});
afterAll(() => database.close());

async function seed(
  workspace: string,
  project: string,
  { begin, count }: { begin: number; count: number },
): Promise<void> {
  const { sql } = database;
  await sql`
    insert into api.project (id, workspace_id, name, color, position, created_at, created_by, updated_at)
    values (${project}, ${workspace}, 'P', 'gray', ${project}, now(), ${project}, now())`;
  await sql`
    insert into api.task (id, workspace_id, project_id, title, notes, priority, due_date, due_at, completed_at, completed_by,
      deleted_at, position, version, created_at, created_by, updated_at)
    select uuidv7(), ${workspace}, ${project}, 'Task ' || md5(n::text), '', (array['none', 'low', 'medium', 'high', 'urgent'])[1 + n % 5]::api.priority,
      due, due + interval '1 day', case when n % 3 = 0 then made end, case when n % 3 = 0 then ${project}::uuid end,
      case when n % 7 = 0 then made end, 'g' || lpad(n::text, 8, '0') || 'V', 1, made, ${project}, made
    from generate_series(${begin}::integer + 1, ${begin + count}::integer) as n,
      lateral (select case when n % 4 = 0 then null else date '2026-01-01' + n % 700 end as due,
        timestamptz '2026-01-01Z' + n * interval '1 minute' as made) as derived`;
}

interface Node {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly Node[];
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

async function planOf(changes: Partial<TaskList>): Promise<{ nodes: Node[]; buffers: number }> {
  const { sql } = database;
  const list: TaskList = {
    workspace_id,
    statuses: ["open"],
    project_id: undefined,
    priority: undefined,
    due_after: undefined,
    due_before: undefined,
    sort: "position",
    order: "asc",
    behind: undefined,
    limit,
    ...changes,
  };
  const [row] = await sql<{ "QUERY PLAN": [{ Plan: Node }] }[]>`
    explain (analyze, buffers, format json) ${pageOfTasks(sql, list)}`;
  const plan = row?.["QUERY PLAN"][0].Plan;
  if (!plan) throw new Error("no plan");
  return { nodes: nodesOf(plan), buffers: plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] };
}

const indexOf: Record<TaskSort, string> = {
  position: "position",
  due_date: "due",
  priority: "priority",
  created_at: "created",
  updated_at: "updated",
  title: "title",
};
/** A key in the middle of each order, as a cursor would have it. */
const middle: Record<TaskSort, string> = {
  position: "g00010000V",
  due_date: "2026-12-01T00:00:00.000Z",
  priority: "medium",
  created_at: "2026-01-07T00:00:00.000Z",
  updated_at: "2026-01-07T00:00:00.000Z",
  title: "Task 8",
};

describe.each([...taskSorts])("sorted by %s", (sort) => {
  for (const order of orders) {
    for (const status of ["open", "completed", "deleted"] as const) {
      test(`${order}, ${status}: a page of a project or a workspace comes from the index in its order`, async () => {
        for (const project_id of [projects.small, projects.huge, undefined]) {
          for (const behind of [undefined, { key: middle[sort], id: newId() }]) {
            const { nodes, buffers } = await planOf({ sort, order, statuses: [status], project_id, behind });
            expect(nodes.map((node) => node["Node Type"])).toEqual(["Limit", "Index Scan"]);
            const scope = project_id === undefined ? "workspace" : "project";
            expect(nodes[1]?.["Index Name"]).toBe(`task_${scope}_${indexOf[sort]}`);
            expect(buffers).toBeLessThan(mostBuffers);
          }
        }
      });
    }
  }

  test("of every status: merged from three short index scans", async () => {
    const { nodes, buffers } = await planOf({
      sort,
      statuses: ["open", "completed", "deleted"],
      project_id: projects.small,
    });
    const scans = nodes.filter((node) => node["Node Type"].includes("Scan") && node["Node Type"] !== "Subquery Scan");
    expect(scans.map((node) => node["Index Name"])).toEqual(Array(3).fill(`task_project_${indexOf[sort]}`));
    expect(buffers).toBeLessThan(3 * mostBuffers);
  });
});

test("a range of due dates is found by the index, not by looking at every task", async () => {
  const { nodes, buffers } = await planOf({ sort: "due_date", due_after: "2026-05-01", due_before: "2026-05-03" });
  expect(nodes.some((node) => node["Index Name"] === "task_workspace_due")).toBe(true);
  expect(buffers).toBeLessThan(mostBuffers);
});
