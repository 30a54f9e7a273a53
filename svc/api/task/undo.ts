import { Problem } from "@rondo/problem";
import { type Changes, undoTask as decide, type Task } from "@rondo/task";
import type { Undo } from "../operation/undo.ts";
import { changeTask } from "./change.ts";

/** Puts back what an operation changed. @throws see `changeTask`; `conflict` when the task changed since, or its project is gone */
export const undoTask: Undo = async (deps, principal, operation) => {
  const undoable = { ...operation, changes: operation.changes as Changes<Task> };
  const { value, operation_id } = await changeTask(deps, principal, {
    id: operation.subject_id,
    target: "existing",
    noProject: () => new Problem("conflict", "The project in which the task was is gone, so it cannot go back there."),
    decide: (task) => decide(task, undoable, deps.clock()),
  });
  return { value: { tasks: [value] }, operation_id };
};
