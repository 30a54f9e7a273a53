import type { Changed } from "@rondo/contract";
import { authorize, type Principal } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import { type Changes, type Decision, type Project, type ProjectState, projectEventKind } from "@rondo/task";
import { changeThing } from "../change.ts";
import type { Deps } from "../deps.ts";
import { projectFact } from "../fact.ts";
import { findProject, updateProject } from "./queries.ts";
import { showChanged, showProject } from "./show.ts";

export interface ProjectChange {
  readonly id: string;
  /** Of `If-Match`. */
  readonly version?: number | undefined;
  decide(current: ProjectState): Decision<ProjectState> | Promise<Decision<ProjectState>>;
}

/**
 * Carries a decision about a project out: row, operation and event in one statement.
 * @throws Problem `forbidden`, `not_found`, `stale`, and what the decision refuses
 */
export async function changeProject(
  deps: Deps,
  principal: Principal,
  change: ProjectChange,
): Promise<Changed<Project>> {
  authorize(principal, "projects.change");
  const { sql } = deps.db;
  const changed = await changeThing<ProjectState>(
    {
      read: async () => {
        const project = await findProject(sql, principal.workspace_id, change.id);
        if (!project) throw notFound();
        return project;
      },
      decide: change.decide,
      async write(current, next, changes: Changes<ProjectState>) {
        const id = deps.newId();
        const fact = projectFact(principal, projectEventKind(changes), { id, project: next, changes });
        if (!(await updateProject(sql, current, next, fact))) return undefined;
        deps.wakeRelay();
        return id;
      },
    },
    change.version,
    showProject,
  );
  return showChanged(changed);
}
