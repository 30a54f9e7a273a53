import { afterAll, beforeAll, expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { type AuditFixture, createAuditFixture } from "../audit.fixture.ts";
import { entriesOf } from "./queries.ts";

/** One workspace of many, and not the newest: the others have grown since. */
const mine = newId();
const [task_id, project_id, actor_id] = [newId(), newId(), newId()];

let audit: AuditFixture;
beforeAll(async () => {
  audit = await createAuditFixture();
  const grow = (workspaces: number, entries: number, workspace: string) => audit.sql`
    insert into audit.entry (id, workspace_id, event_id, type, time, actor_id, actor_type, task_id, project_id, changes)
    select gen_random_uuid(), case when w = 0 then ${workspace}::uuid else md5(w::text)::uuid end, gen_random_uuid(),
      case n % 20 when 0 then 'task.completed.v1' else 'task.updated.v1' end,
      timestamptz '2026-01-01' + n * interval '1 second' + w * interval '1 hour',
      case n % 50 when 0 then ${actor_id} else 'someone ' || n % 7 end, 'user',
      case n % 200 when 0 then ${task_id}::uuid else gen_random_uuid() end,
      case n % 100 when 0 then ${project_id}::uuid else gen_random_uuid() end, '{}'
    from generate_series(1, ${entries}::int) as n, generate_series(${workspaces > 1 ? 1 : 0}::int, ${workspaces}::int) as w`;
  await grow(0, 4_000, mine);
  await grow(40, 600, mine);
  await audit.sql`analyze audit.entry`;
});
afterAll(() => audit.close());

interface Plan {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly Plan[];
}

async function planOf(filter: Partial<Parameters<typeof entriesOf>[1]>): Promise<Plan[]> {
  const none = { task_id: undefined, project_id: undefined, actor_id: undefined, type: undefined };
  const list = { ...none, from: undefined, to: undefined, behind: undefined, limit: 51, workspace_id: mine, ...filter };
  const [row] = await audit.sql<{ "QUERY PLAN": { Plan: Plan }[] }[]>`
    explain (analyze, format json) ${entriesOf(audit.sql, list)}`;
  const nodes: Plan[] = [];
  const walk = (plan: Plan) => {
    nodes.push(plan);
    for (const child of plan.Plans ?? []) walk(child);
  };
  for (const { Plan } of row?.["QUERY PLAN"] ?? []) walk(Plan);
  return nodes;
}

const behind = { key: "2026-01-01T00:50:00.000Z", id: newId() };

test.each([
  ["the whole trail", {}, "entry_newest"],
  ["a later page of it", { behind }, "entry_newest"],
  ["a time", { from: "2026-01-01T00:10:00Z", to: "2026-01-01T00:20:00Z" }, "entry_newest"],
  ["a task", { task_id }, "entry_of_task"],
  ["a later page of a task", { task_id, behind }, "entry_of_task"],
  ["a project", { project_id }, "entry_of_project"],
  ["an actor", { actor_id }, "entry_of_actor"],
  ["a type", { type: "task.completed.v1" }, "entry_of_type"],
])("%s is read from its index alone, in order, without a sort", async (_, filter, index) => {
  const nodes = await planOf(filter);
  expect(nodes.map((node) => node["Node Type"]).filter((type) => /Sort|Seq Scan|Bitmap/.test(type))).toEqual([]);
  expect(nodes.flatMap((node) => node["Index Name"] ?? [])).toEqual([index]);
  expect(nodes.every((node) => (node["Rows Removed by Filter"] ?? 0) === 0)).toBe(true);
  expect(Math.max(...nodes.map((node) => node["Actual Rows"]))).toBeLessThanOrEqual(51);
});
