import { type Changes, undoProject as decide, type ProjectState } from "@rondo/task";
import type { Undo } from "../operation/undo.ts";
import { changeLockedProject } from "./change.ts";

/** Puts back what an operation changed, a deleted project included. @throws see `changeProject`; `conflict` when it changed since */
export const undoProject: Undo = async (deps, principal, operation) => {
  const undoable = { ...operation, changes: operation.changes as Changes<ProjectState> };
  const { value, operation_id } = await changeLockedProject(deps, principal, {
    id: operation.subject_id,
    decide: (project, holdsTasks) => decide(project, undoable, holdsTasks, deps.clock()),
  });
  return { value: { projects: [value] }, operation_id };
};
