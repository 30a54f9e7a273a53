import type { Changed } from "@rondo/contract";
import type { Sql } from "@rondo/db";
import { authorize, type Principal } from "@rondo/identity";
import { type Decision, type Project, type ProjectState, projectEventKind } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { type Change, changeThing, type One } from "../thing/change.ts";
import { projectFact } from "./fact.ts";
import { findProject, holdsTasks, lockProject, updateProject } from "./queries.ts";

export interface ProjectChange extends One {
  decide(current: ProjectState): Decision<ProjectState> | Promise<Decision<ProjectState>>;
}

/**
 * Carries a decision about a project out: row, operation and event in one statement.
 * @throws Problem `forbidden`, `not_found`, `stale`, and what the decision refuses
 */
export async function changeProject(
  deps: Deps,
  principal: Principal,
  { id, version, decide }: ProjectChange,
): Promise<Changed<Project>> {
  authorize(principal, "projects.change");
  const { sql } = deps.db;
  const read = () => findProject(sql, principal.workspace_id, id);
  return changeThing(deps, { version, decide, read, ...writing(sql, principal) });
}

export interface LockedProjectChange extends One {
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
  const { workspace_id } = principal;
  const changed = await deps.db.transaction((tx) => {
    // The relay finds nothing before the transaction is over.
    const inside = { newId: deps.newId, wakeRelay: () => undefined };
    return changeThing(inside, {
      version,
      read: () => lockProject(tx, workspace_id, id),
      decide: async (current) => decide(current, await holdsTasks(tx, workspace_id, id)),
      ...writing(tx, principal),
    });
  });
  if (changed.operation_id !== null) deps.wakeRelay();
  return changed;
}

function writing(sql: Sql, principal: Principal): Pick<Change<ProjectState, Project>, "fact" | "write" | "show"> {
  return {
    fact: (id, project, changes) => projectFact(principal, projectEventKind(changes), { id, project, changes }),
    write: (current, next, fact) => updateProject(sql, current, next, fact),
    show: showProject,
  };
}

/** A project as it is answered: that it could be deleted shows by its absence only. */
export function showProject({ deleted_at: _, ...project }: ProjectState): Project {
  return project;
}
