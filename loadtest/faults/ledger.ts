import { type Person, waitFor } from "@rondo/testing";
import type { Sql } from "postgres";
import type { Ground } from "./ground.ts";
import { countOf, createTask, type Written } from "./writing.ts";

/** What became of everything that was written, held against the audit trail. */
export interface Counted {
  readonly acknowledged: number;
  /** Answers other than 201. */
  readonly refused: number;
  /** Tasks that were acknowledged, or are in the database, without an entry in the trail. */
  readonly lost: number;
  /** Entries beyond one for each task. */
  readonly doubled: number;
  /** Entries that came before one of the same workspace that was acknowledged earlier. */
  readonly disordered: number;
}

/** Waits until nothing is missing any more, `deadlineMs` (60,000) at most, and counts. */
export async function count({ sql }: Ground, written: Written, deadlineMs = 60_000): Promise<Counted> {
  const workspaces = [...written.acknowledged.keys()];
  await waitFor(async () => (await missing(sql, workspaces)) === 0, {
    what: "the whole trail",
    deadlineMs,
    everyMs: 50,
  }).catch(() => undefined);
  const entries = await sql<{ workspace_id: string; task_id: string; number: number }[]>`
    select workspace_id, task_id, (changes #>> '{title,1}')::int as number from audit.entry
    where workspace_id = any(${workspaces}) and type = 'task.created.v1' order by id`;
  const trails = Map.groupBy(entries, (entry) => entry.workspace_id);
  let [lost, disordered] = [await missing(sql, workspaces), 0];
  for (const [workspace, numbers] of written.acknowledged) {
    const trail = (trails.get(workspace) ?? []).map((entry) => entry.number);
    const there = new Set(trail);
    const tasks = await sql<{ title: string }[]>`select title from api.task where workspace_id = ${workspace}`;
    const kept = new Set(tasks.map((task) => Number(task.title)));
    lost += numbers.filter((number) => !kept.has(number)).length;
    const acknowledged = new Set(numbers);
    disordered += inversions(trail.filter((number) => acknowledged.has(number) && there.has(number)));
  }
  return {
    acknowledged: countOf(written),
    refused: [...written.others.values()].reduce((sum, times) => sum + times, 0),
    lost,
    doubled: entries.length - new Set(entries.map((entry) => entry.task_id)).size,
    disordered,
  };
}

/** How many come after a greater one. */
function inversions(numbers: readonly number[]): number {
  let greatest = -1;
  let found = 0;
  for (const number of numbers) {
    if (number < greatest) found += 1;
    greatest = Math.max(greatest, number);
  }
  return found;
}

/** Tasks of these workspaces that the trail does not know yet. */
export async function missing(sql: Sql, workspaces: readonly string[]): Promise<number> {
  const [row] = await sql<{ missing: number }[]>`
    select count(*)::int as missing from api.task t where workspace_id = any(${[...workspaces]}) and not exists (
      select from audit.entry e where e.workspace_id = t.workspace_id and e.task_id = t.id and e.type = 'task.created.v1')`;
  return row?.missing ?? 0;
}

/** How long it takes from now until a task can be created and its event is in the trail, in milliseconds. */
export async function untilFlowing({ api, sql }: Ground, person: Person, deadlineMs = 60_000): Promise<number> {
  const begun = performance.now();
  const title = `after ${crypto.randomUUID()}`;
  const options = { deadlineMs, everyMs: 10 };
  await waitFor(async () => (await createTask(api.url, person, title)) === 201, { what: "a task", ...options });
  const entry = () => sql`
    select from audit.entry where workspace_id = ${person.workspace_id} and changes #>> '{title,1}' = ${title}`;
  await waitFor(async () => (await entry()).count > 0, { what: "its entry", ...options });
  return performance.now() - begun;
}
