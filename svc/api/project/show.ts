import type { Changed } from "@rondo/contract";
import type { Project, ProjectState } from "@rondo/task";

/** A project as it is answered: that it could be deleted shows by its absence only. */
export function showProject({ deleted_at: _, ...project }: ProjectState): Project {
  return project;
}

export function showChanged({ value, operation_id }: Changed<ProjectState>): Changed<Project> {
  return { value: showProject(value), operation_id };
}
