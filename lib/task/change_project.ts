import {
  type Changes,
  change,
  changedSince,
  conflict,
  type Decision,
  type Undoable,
  unchanged,
  valuesBefore,
} from "./decision.ts";
import { positionOf } from "./position.ts";
import type { NewProject, Project, ProjectPatch } from "./project.ts";

/** A project as it is kept: a deleted one is gone for every reader, but its deletion can be undone. */
export type ProjectState = Project & { readonly deleted_at: string | null };

const inboxStays = conflict("The Inbox can be neither archived nor deleted.");

export interface NewProjectContext {
  readonly id: string;
  readonly workspace_id: string;
  readonly created_by: string;
  readonly now: Date;
  /** The one project of a workspace that tasks go to by default. */
  readonly is_inbox?: boolean;
}

/** The first version of a project, after the ones that are there. Its changes name what differs from no project. */
export function createProject(
  input: NewProject,
  context: NewProjectContext,
): { readonly next: ProjectState; readonly changes: Changes<ProjectState> } {
  const now = context.now.toISOString();
  const next: ProjectState = {
    id: context.id,
    workspace_id: context.workspace_id,
    name: input.name,
    color: input.color ?? "gray",
    is_inbox: context.is_inbox ?? false,
    position: positionOf(context.id),
    archived_at: null,
    deleted_at: null,
    version: 1,
    created_at: now,
    created_by: context.created_by,
    updated_at: now,
  };
  return { next, changes: { name: [null, next.name], color: [null, next.color] } };
}

/** RFC 7396: absent keeps, a `null` colour becomes gray. `archived` sets or clears `archived_at`. */
export function patchProject(current: ProjectState, patch: ProjectPatch, now: Date): Decision<ProjectState> {
  if (patch.archived && current.is_inbox) return inboxStays;
  const at = now.toISOString();
  const wanted: Partial<ProjectState> = {
    name: patch.name ?? current.name,
    color: patch.color === undefined ? current.color : (patch.color ?? "gray"),
    archived_at: archivedAt(current, patch.archived, at),
  };
  return change(current, wanted, at);
}

function archivedAt(current: ProjectState, archived: boolean | undefined, now: string): string | null {
  if (archived === undefined) return current.archived_at;
  return archived ? (current.archived_at ?? now) : null;
}

export function moveProject(current: ProjectState, position: string, now: Date): Decision<ProjectState> {
  return change(current, { position }, now.toISOString());
}

/** Only a project without tasks outside the bin goes; the caller asks the database whether it holds any. */
export function deleteProject(current: ProjectState, holdsTasks: boolean, now: Date): Decision<ProjectState> {
  if (current.is_inbox) return inboxStays;
  if (current.deleted_at !== null) return unchanged;
  if (holdsTasks) return conflict("This project still has tasks. Move or delete them first, or archive the project.");
  const at = now.toISOString();
  return change(current, { deleted_at: at }, at);
}

/** Puts back what the operation changed, as a new version; a created project is deleted. Refused when the project changed since. */
export function undoProject(
  current: ProjectState,
  operation: Undoable<ProjectState>,
  holdsTasks: boolean,
  now: Date,
): Decision<ProjectState> {
  if (current.version !== operation.version) return changedSince;
  const before = valuesBefore(operation.changes);
  if (operation.kind === "project.created" || before.deleted_at) return deleteProject(current, holdsTasks, now);
  return change(current, before, now.toISOString());
}

export type ProjectEventKind =
  | "project.created"
  | "project.updated"
  | "project.archived"
  | "project.restored"
  | "project.deleted";

/** Which fact the changes of an existing project are. `restored`: from the archive, or from having been deleted. */
export function projectEventKind(changes: Changes<ProjectState>): ProjectEventKind {
  if (changes.deleted_at) return changes.deleted_at[1] === null ? "project.restored" : "project.deleted";
  if (changes.archived_at) return changes.archived_at[1] === null ? "project.restored" : "project.archived";
  return "project.updated";
}
