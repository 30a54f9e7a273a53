import type { Changed } from "@rondo/contract";
import { authorize, type Principal } from "@rondo/identity";
import { notFound, type Problem } from "@rondo/problem";
import { type Changes, type Decision, type Task, taskEventKind } from "@rondo/task";
import { changeThing } from "../change.ts";
import type { Deps } from "../deps.ts";
import { taskFact } from "../fact.ts";
import { findTask, type Outcome, type Target, updateTask, updateTaskInto } from "./queries.ts";

export interface TaskChange {
  readonly id: string;
  /** Of `If-Match`. */
  readonly version?: number | undefined;
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
export async function changeTask(deps: Deps, principal: Principal, change: TaskChange): Promise<Changed<Task>> {
  authorize(principal, "tasks.change");
  const { sql } = deps.db;
  return changeThing(
    {
      read: async () => {
        const task = await findTask(sql, principal.workspace_id, change.id);
        if (!task) throw notFound();
        return task;
      },
      decide: change.decide,
      async write(current, next, changes) {
        const id = deps.newId();
        const fact = taskFact(principal, taskEventKind(changes), { id, task: next, changes });
        const outcome: Outcome = entersProject(next, changes)
          ? await updateTaskInto(sql, current, next, { fact, target: change.target ?? "active" })
          : (await updateTask(sql, current, next, fact))
            ? "written"
            : "lost";
        if (outcome === "no_project" && change.noProject) throw change.noProject();
        if (outcome !== "written") return undefined;
        deps.wakeRelay();
        return id;
      },
    },
    change.version,
  );
}

function entersProject(next: Task, changes: Changes<Task>): boolean {
  return next.deleted_at === null && (changes.project_id !== undefined || changes.deleted_at !== undefined);
}
