import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { restoreTask as decide, type Task } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { findProject } from "../project/queries.ts";
import { changeTask } from "./change.ts";

/**
 * From the bin to the project it was in, or to the Inbox when that is gone. A task outside the bin is answered as it is.
 * @throws see `changeTask`
 */
export function restoreTask(deps: Deps, principal: Principal, id: string, version?: number): Promise<Changed<Task>> {
  const { workspace_id } = principal;
  return changeTask(deps, principal, {
    id,
    version,
    target: "existing",
    async decide(task) {
      const home = await findProject(deps.db.sql, workspace_id, task.project_id);
      return decide(task, home?.id ?? (await deps.inboxes.of(workspace_id)), deps.clock());
    },
  });
}
