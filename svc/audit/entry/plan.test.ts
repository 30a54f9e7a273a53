import { afterAll, beforeAll, expect, test } from "bun:test";
import { newId } from "@rondo/testing";
import { type AuditFixture, createAuditFixture } from "../audit.fixture.ts";
import { entriesOf } from "./queries.ts";

/** One workspace of many, and not the newest: the others have grown since, for 26 months. */
const mine = newId();
const [task_id, project_id, actor_id] = [newId(), newId(), newId()];
const months = 26;
const dayMs = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * dayMs).toISOString();

let audit: AuditFixture;
/** The index of the whole trail that each index of a part belongs to. */
let wholes: ReadonlyMap<string, string>;
beforeAll(async () => {
  audit = await createAuditFixture();
  const { sql } = audit;
  for (let month = 0; month < months; month += 1) {
    await sql`select audit.open_month(${ago(month * 30)}::timestamptz)`;
    await sql`
      insert into audit.entry (id, workspace_id, event_id, type, time, actor_id, actor_type, task_id, project_id, changes)
      select gen_random_uuid(), case when n % 11 = 0 then ${mine}::uuid else md5((n % 40)::text)::uuid end, gen_random_uuid(),
        case n % 20 when 0 then 'task.completed.v1' else 'task.updated.v1' end,
        ${ago(month * 30)}::timestamptz - n * interval '1 minute',
        case n % 5 when 0 then ${actor_id} else 'someone ' || n % 7 end, 'user',
        case n % 20 when 0 then ${task_id}::uuid else gen_random_uuid() end,
        case n % 10 when 0 then ${project_id}::uuid else gen_random_uuid() end, '{}'
      from generate_series(1, 1100) as n`;
  }
  await sql`analyze audit.entry`;
  const rows = await sql<{ part: string; whole: string }[]>`
    select c.relname as part, p.relname as whole
    from pg_inherits join pg_class c on c.oid = inhrelid join pg_class p on p.oid = inhparent where c.relkind = 'i'`;
  wholes = new Map(rows.map(({ part, whole }) => [part, whole]));
});
afterAll(() => audit.close());

interface Plan {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
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

const scansOf = (nodes: readonly Plan[]) => nodes.filter((node) => node["Index Name"] !== undefined);
const behind = { key: ago(300), id: newId() };

test.each([
  ["the whole trail", {}, "entry_newest"],
  ["a later page of it", { behind }, "entry_newest"],
  ["a time", { from: ago(100), to: ago(90) }, "entry_newest"],
  ["a task", { task_id }, "entry_of_task"],
  ["a later page of a task", { task_id, behind }, "entry_of_task"],
  ["a project", { project_id }, "entry_of_project"],
  ["an actor", { actor_id }, "entry_of_actor"],
  ["a type", { type: "task.completed.v1" }, "entry_of_type"],
])(
  "%s is read from its index alone, in order, without a sort, and no more of it than the page",
  async (_, filter, index) => {
    const nodes = await planOf(filter);
    expect(nodes.map((node) => node["Node Type"]).filter((type) => /Sort|Seq Scan|Bitmap/.test(type))).toEqual([]);
    const used = scansOf(nodes).map((node) => wholes.get(node["Index Name"] ?? ""));
    expect([...new Set(used)]).toEqual([index]);
    expect(nodes.every((node) => (node["Rows Removed by Filter"] ?? 0) <= 1)).toBe(true);
    const read = scansOf(nodes).reduce((sum, node) => sum + node["Actual Rows"] * node["Actual Loops"], 0);
    expect(read).toBeLessThanOrEqual(51);
  },
);

test("the newest page opens the newest months only, however many there are", async () => {
  const opened = scansOf(await planOf({})).filter((node) => node["Actual Loops"] > 0);
  expect(opened.length).toBeLessThanOrEqual(4);
});

test("a later page leaves out the months after it, and a time all months but its own", async () => {
  expect(scansOf(await planOf({ behind })).length).toBeLessThan(months - 7);
  expect(scansOf(await planOf({ from: ago(100), to: ago(90) })).length).toBeLessThanOrEqual(2);
});
