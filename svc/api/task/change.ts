import type { Changed } from "@rondo/contract";
import { authorize, type Principal } from "@rondo/identity";
import type { Problem } from "@rondo/problem";
import { type Decision, type Task, taskEventKind } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { changeThing, type One } from "../thing/change.ts";
import { taskFact } from "./fact.ts";
import { findTask, type Target, updateTask, updateTaskInto } from "./queries.ts";

export interface TaskChange extends One {
  decide(current: Task): Decision<Task> | Promise<Decision<Task>>;
  /** Which projects a task may be put into; `active` by default. */
  readonly target?: Target;
  /** What to say when the project is not there. Without it the task is read and decided on anew. */
  readonly noProject?: () => Problem;
}

/**
 * Carries a decision about an existing task out: row, operation and event in one statement.
 * @throws Problem `forbidden`, `not_found`, `stale`, and what the decision refuses
 */
export async function changeTask(
  deps: Deps,
  principal: Principal,
  { id, version, decide, target = "active", noProject }: TaskChange,
): Promise<Changed<Task>> {
  authorize(principal, "tasks.change");
  const { sql } = deps.db;
  return changeThing<Task>(deps, {
    version,
    decide,
    read: () => findTask(sql, principal.workspace_id, id),
    fact: (factId, task, changes) => taskFact(principal, taskEventKind(changes), { id: factId, task, changes }),
    async write(current, next, fact) {
      if (!entersProject(current, next)) return updateTask(sql, current, next, fact);
      const outcome = await updateTaskInto(sql, current, next, { fact, target });
      if (outcome === "no_project" && noProject) throw noProject();
      return outcome === "written";
    },
    show: (task) => task,
  });
}

function entersProject(current: Task, next: Task): boolean {
  return next.deleted_at === null && (next.project_id !== current.project_id || current.deleted_at !== null);
}
