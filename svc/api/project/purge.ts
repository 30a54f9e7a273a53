import { createEvent } from "@rondo/event";
import type { Purge } from "../bin/empty.ts";
import { deleteBinnedProjects } from "./queries.ts";

/** Deletes for good what was deleted long enough ago, once its tasks are gone: see `emptyBin`. */
export const purgeProjects: Purge = async (sql, { before, limit, about }) => {
  const gone = await deleteBinnedProjects(sql, before, limit);
  return gone.map(({ id, workspace_id, version }) => {
    const project = { id, workspace_id, version: version + 1 };
    return createEvent("project.purged.v1", { ...about({ id, workspace_id }), data: { project, changes: {} } });
  });
};
