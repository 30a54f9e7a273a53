import type { Changed, Undone } from "@rondo/contract";
import { authorize, type Principal } from "@rondo/identity";
import { notFound, Problem } from "@rondo/problem";
import { type Changes, type ProjectState, type Task, undoProject, undoTask } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { changeLockedProject } from "../project/change_locked.ts";
import { changeTask } from "../task/change.ts";
import { findOperation, type Operation } from "./queries.ts";

/**
 * Undoes one's own operation, as a new version with its own event and operation.
 * @throws Problem `forbidden`, `not_found` for somebody else's operation, `conflict` when the thing changed since
 */
export async function undo(deps: Deps, principal: Principal, operationId: string): Promise<Changed<Undone>> {
  authorize(principal, "tasks.change");
  const { workspace_id, user_id } = principal;
  const operation = await findOperation(deps.db.sql, { id: operationId, workspace_id, user_id });
  if (!operation) throw notFound();
  return operation.kind.startsWith("task.")
    ? undoOfTask(deps, principal, operation)
    : undoOfProject(deps, principal, operation);
}

async function undoOfTask(deps: Deps, principal: Principal, operation: Operation): Promise<Changed<Undone>> {
  const undoable = { ...operation, changes: operation.changes as Changes<Task> };
  const { value, operation_id } = await changeTask(deps, principal, {
    id: operation.subject_id,
    target: "existing",
    noProject: () => new Problem("conflict", "The project in which the task was is gone, so it cannot go back there."),
    decide: (task) => undoTask(task, undoable, deps.clock()),
  });
  return { value: { tasks: [value], projects: [] }, operation_id };
}

async function undoOfProject(deps: Deps, principal: Principal, operation: Operation): Promise<Changed<Undone>> {
  const undoable = { ...operation, changes: operation.changes as Changes<ProjectState> };
  const { value, operation_id } = await changeLockedProject(deps, principal, {
    id: operation.subject_id,
    decide: (project, holdsTasks) => undoProject(project, undoable, holdsTasks, deps.clock()),
  });
  return { value: { tasks: [], projects: [value] }, operation_id };
}
