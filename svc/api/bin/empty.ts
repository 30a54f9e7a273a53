import type { Sql } from "@rondo/db";
import { deleteBinnedProjects, deleteBinnedTasks } from "./queries.ts";

/** How long what is deleted can be restored, and any change undone. */
export const keptMs = 30 * 86_400_000;

/** So many in one statement: it holds their locks no longer than some milliseconds. */
const atOnce = 500;

/**
 * Deletes for good what has been in the bin for its time: tasks, and then projects. In small pieces; between two of them it
 * ends when `over` is aborted. It publishes nothing: see the README.
 */
export async function emptyBin(
  sql: Sql,
  now: Date,
  over?: AbortSignal,
): Promise<{ readonly tasks: number; readonly projects: number }> {
  const before = new Date(now.getTime() - keptMs);
  const tasks = await inPieces(() => deleteBinnedTasks(sql, before, atOnce), over);
  const projects = await inPieces(() => deleteBinnedProjects(sql, before, atOnce), over);
  return { tasks, projects };
}

async function inPieces(piece: () => Promise<number>, over: AbortSignal | undefined): Promise<number> {
  let total = 0;
  let count = atOnce;
  while (count === atOnce && !over?.aborted) {
    count = await piece();
    total += count;
  }
  return total;
}
