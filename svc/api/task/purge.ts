import { createEvent } from "@rondo/event";
import type { Purge } from "../bin/empty.ts";
import { deleteBinnedTasks } from "./queries.ts";

/** Deletes for good what has been in the bin long enough: see `emptyBin`. */
export const purgeTasks: Purge = async (sql, { before, limit, about }) => {
  const gone = await deleteBinnedTasks(sql, before, limit);
  return gone.map(({ id, workspace_id, project_id, version }) => {
    const task = { id, workspace_id, project_id, version: version + 1 };
    return createEvent("task.purged.v1", { ...about({ id, workspace_id }), data: { task, changes: {} } });
  });
};
