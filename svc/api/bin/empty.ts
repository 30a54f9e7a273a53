import type { Database, Sql } from "@rondo/db";
import { type CloudEvent, createEvent } from "@rondo/event";
import { appendEvents } from "@rondo/outbox";
import type { Deps } from "../deps.ts";
import { byTheService } from "../fact.ts";
import { deleteBinnedProjects, deleteBinnedTasks, type Purged, type PurgedTask } from "./queries.ts";

/** How long what is deleted can be restored, and any change undone. */
export const keptMs = 30 * 86_400_000;

/** So many in one transaction: it holds their locks no longer than some milliseconds. */
const atOnce = 500;

/**
 * Deletes for good what has been in the bin for its time: tasks, and then projects; each leaves the fact of its purge. In small
 * pieces; between two of them it ends when `over` is aborted.
 */
export async function emptyBin(
  { db, newId }: Pick<Deps, "db" | "newId">,
  now: Date,
  over?: AbortSignal,
): Promise<{ readonly tasks: number; readonly projects: number }> {
  const before = new Date(now.getTime() - keptMs);
  const fact = { newId, now };
  const tasks = await inPieces(db, over, async (sql) =>
    (await deleteBinnedTasks(sql, before, atOnce)).map((task) => taskPurged(task, fact)),
  );
  const projects = await inPieces(db, over, async (sql) =>
    (await deleteBinnedProjects(sql, before, atOnce)).map((project) => projectPurged(project, fact)),
  );
  return { tasks, projects };
}

/** Purges until nothing is left; answers how many. A piece and its facts are one transaction. */
async function inPieces(
  db: Database,
  over: AbortSignal | undefined,
  purge: (sql: Sql) => Promise<CloudEvent[]>,
): Promise<number> {
  let total = 0;
  let count = atOnce;
  while (count === atOnce && !over?.aborted) {
    count = await db.transaction(async (tx) => {
      const facts = await purge(tx);
      if (facts.length > 0) await appendEvents(tx, "api", facts);
      return facts.length;
    });
    total += count;
  }
  return total;
}

interface FactContext {
  readonly newId: () => string;
  readonly now: Date;
}

function taskPurged({ id, workspace_id, project_id, version }: PurgedTask, { newId, now }: FactContext): CloudEvent {
  const task = { id, workspace_id, project_id, version: version + 1 };
  const about = { id: newId(), time: now.toISOString(), subject: id, workspace_id };
  return createEvent("task.purged.v1", { ...byTheService, ...about, data: { task, changes: {} } });
}

function projectPurged({ id, workspace_id, version }: Purged, { newId, now }: FactContext): CloudEvent {
  const project = { id, workspace_id, version: version + 1 };
  const about = { id: newId(), time: now.toISOString(), subject: id, workspace_id };
  return createEvent("project.purged.v1", { ...byTheService, ...about, data: { project, changes: {} } });
}
