import type { Changed } from "@rondo/contract";
import { authorize, type Principal } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import { type Decision, type Project, type ProjectState, projectEventKind } from "@rondo/task";
import { refused, requireVersion } from "../change.ts";
import type { Deps } from "../deps.ts";
import { projectFact } from "../fact.ts";
import { holdsTasks, lockProject, updateProject } from "./queries.ts";
import { showChanged, showProject } from "./show.ts";

export interface LockedProjectChange {
  readonly id: string;
  readonly version?: number | undefined;
  decide(current: ProjectState, holdsTasks: boolean): Decision<ProjectState>;
}

/**
 * Like `changeProject`, for decisions that depend on the project's tasks: while they are looked at, no task can be put into it.
 * Sees deleted projects as well.
 */
export async function changeLockedProject(
  deps: Deps,
  principal: Principal,
  { id, version, decide }: LockedProjectChange,
): Promise<Changed<Project>> {
  authorize(principal, "projects.change");
  const changed = await deps.db.transaction(async (tx): Promise<Changed<ProjectState>> => {
    const current = await lockProject(tx, principal.workspace_id, id);
    if (!current) throw notFound();
    requireVersion(current, version, showProject);
    const decision = decide(current, await holdsTasks(tx, principal.workspace_id, id));
    if (decision.kind === "unchanged") return { value: current, operation_id: null };
    if (decision.kind === "refused") throw refused(decision);
    const { next, changes } = decision;
    const operation_id = deps.newId();
    const fact = projectFact(principal, projectEventKind(changes), { id: operation_id, project: next, changes });
    await updateProject(tx, current, next, fact);
    return { value: next, operation_id };
  });
  if (changed.operation_id !== null) deps.wakeRelay();
  return showChanged(changed);
}
