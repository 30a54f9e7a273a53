import type { Changed } from "@rondo/contract";
import { isUniqueViolation } from "@rondo/db";
import { authorize, type Principal } from "@rondo/identity";
import type { Problem } from "@rondo/problem";
import { createTask as decide, type NewTask, type Task } from "@rondo/task";
import { invalidField, refused } from "../change.ts";
import type { Deps } from "../deps.ts";
import { taskFact } from "../fact.ts";
import { findCreation } from "../operation/queries.ts";
import { findTask, insertTask } from "./queries.ts";

/**
 * Makes a task, in the Inbox unless told otherwise.
 * @param reservedId the id it must have; when that exists already, an earlier try of the same request made it, and it is answered
 * @throws Problem `forbidden`, `invalid`
 */
export async function createTask(
  deps: Deps,
  principal: Principal,
  input: NewTask,
  reservedId?: string,
): Promise<Changed<Task>> {
  authorize(principal, "tasks.change");
  const { workspace_id, user_id } = principal;
  const id = reservedId ?? deps.newId();
  const project_id = input.project_id ?? (await deps.inboxes.of(workspace_id));
  const decision = decide(input, { id, workspace_id, project_id, created_by: user_id, now: deps.clock() });
  if (decision.kind === "refused") throw refused(decision);
  const { next: task, changes } = decision;
  const operation_id = deps.newId();
  const fact = taskFact(principal, "task.created", { id: operation_id, task, changes });
  try {
    if (!(await insertTask(deps.db.sql, task, fact))) throw noProject();
  } catch (error) {
    if (reservedId === undefined || !isUniqueViolation(error, "task_pkey")) throw error;
    return madeBefore(deps, workspace_id, reservedId);
  }
  deps.wakeRelay();
  return { value: task, operation_id };
}

/** The first try of this request died between its commit and its answer. */
async function madeBefore({ db }: Deps, workspaceId: string, id: string): Promise<Changed<Task>> {
  const value = await findTask(db.sql, workspaceId, id);
  if (!value) throw noProject();
  return { value, operation_id: await findCreation(db.sql, value) };
}

/** A project of another workspace, one that is missing and one that is archived look alike. */
export function noProject(): Problem {
  return invalidField("/project_id", "There is no such active project here.");
}
