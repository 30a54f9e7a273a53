/** The verbs that change one task by a rule alone. Each throws what `changeTask` throws. */
import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { completeTask, deleteTask, patchTask, reopenTask, restoreTask, type Task, type TaskPatch } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { findProject } from "../project/queries.ts";
import type { One } from "../thing/change.ts";
import { changeTask } from "./change.ts";
import { noProject } from "./create.ts";

type Verb = (deps: Deps, principal: Principal, one: One) => Promise<Changed<Task>>;

/** Changes fields (RFC 7396). Without an effect there is no new version. @throws Problem `invalid`; `conflict` in the bin */
export function patch(deps: Deps, principal: Principal, one: One & { body: TaskPatch }): Promise<Changed<Task>> {
  return changeTask(deps, principal, {
    ...one,
    noProject,
    decide: (task) => patchTask(task, one.body, deps.clock()),
  });
}

/** A completed task is answered as it is: ten at once complete it once. @throws Problem `conflict` in the bin */
export const complete: Verb = (deps, principal, one) =>
  changeTask(deps, principal, { ...one, decide: (task) => completeTask(task, principal.user_id, deps.clock()) });

/** An open task is answered as it is. @throws Problem `conflict` in the bin */
export const reopen: Verb = (deps, principal, one) =>
  changeTask(deps, principal, { ...one, decide: (task) => reopenTask(task, deps.clock()) });

/** To the bin. A task that is there is answered as it is. */
export const remove: Verb = (deps, principal, one) =>
  changeTask(deps, principal, { ...one, decide: (task) => deleteTask(task, deps.clock()) });

/** From the bin to the project it was in, or to the Inbox when that is gone. A task outside the bin is answered as it is. */
export const restore: Verb = (deps, principal, one) =>
  changeTask(deps, principal, {
    ...one,
    target: "existing",
    async decide(task) {
      const { workspace_id } = principal;
      const home = await findProject(deps.db.sql, workspace_id, task.project_id);
      return restoreTask(task, home?.id ?? (await deps.inboxes.of(workspace_id)), deps.clock());
    },
  });
