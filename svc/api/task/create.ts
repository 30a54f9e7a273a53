import type { Changed } from "@rondo/contract";
import { authorize, type Principal } from "@rondo/identity";
import type { Problem } from "@rondo/problem";
import { createTask as decide, type NewTask, type Task } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { invalidField, refused } from "../thing/change.ts";
import { createThing } from "../thing/create.ts";
import { taskFact } from "./fact.ts";
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
  const { sql } = deps.db;
  const { workspace_id, user_id } = principal;
  const id = reservedId ?? deps.newId();
  const project_id = input.project_id ?? (await deps.inboxes.of(workspace_id));
  const decision = decide(input, { id, workspace_id, project_id, created_by: user_id, now: deps.clock() });
  if (decision.kind === "refused") throw refused(decision);
  const { next: task, changes } = decision;
  const fact = taskFact(principal, "task.created", { id: deps.newId(), task, changes });
  return createThing(deps, {
    value: task,
    fact,
    async insert() {
      if (!(await insertTask(sql, task, fact))) throw noProject();
    },
    primaryKey: "task_pkey",
    find: () => findTask(sql, workspace_id, id),
  });
}

/** A project of another workspace, one that is missing and one that is archived look alike. */
export function noProject(): Problem {
  return invalidField("/project_id", "There is no such active project here.");
}
