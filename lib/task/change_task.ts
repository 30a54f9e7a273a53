import {
  type Changes,
  change,
  changedSince,
  conflict,
  type Decision,
  invalid,
  type Unchanged,
  type Undoable,
  unchanged,
  valuesBefore,
} from "./decision.ts";
import { changeDue, checkDue, dueAt } from "./due.ts";
import { positionOf } from "./position.ts";
import type { NewTask, Task, TaskPatch } from "./task.ts";

const inBin = conflict("This task is in the bin. Restore it first: POST /tasks/:id/restoration.");

export interface NewTaskContext {
  readonly id: string;
  readonly workspace_id: string;
  readonly project_id: string;
  /** The user to whom the task is credited. */
  readonly created_by: string;
  readonly now: Date;
}

/** The first version of a task. Its changes name what differs from an empty task. */
export function createTask(input: NewTask, context: NewTaskContext): Exclude<Decision<Task>, Unchanged> {
  const due = changeDue({ due_date: null, due_time: null, time_zone: null }, input);
  const errors = checkDue(due);
  if (errors.length > 0) return invalid(errors);
  const now = context.now.toISOString();
  const next: Task = {
    id: context.id,
    workspace_id: context.workspace_id,
    project_id: context.project_id,
    title: input.title,
    notes: input.notes ?? "",
    priority: input.priority ?? "none",
    ...due,
    due_at: dueAt(due),
    completed_at: null,
    completed_by: null,
    deleted_at: null,
    position: positionOf(context.id),
    version: 1,
    created_at: now,
    created_by: context.created_by,
    updated_at: now,
  };
  return { kind: "changed", next, changes: createdChanges(next) };
}

function createdChanges(task: Task): Changes<Task> {
  return {
    project_id: [null, task.project_id],
    title: [null, task.title],
    ...(task.notes === "" ? {} : { notes: [null, task.notes] as const }),
    ...(task.priority === "none" ? {} : { priority: [null, task.priority] as const }),
    ...(task.due_date === null
      ? {}
      : { due_date: [null, task.due_date] as const, due_at: [null, task.due_at] as const }),
    ...(task.due_time === null
      ? {}
      : { due_time: [null, task.due_time] as const, time_zone: [null, task.time_zone] as const }),
  };
}

/**
 * RFC 7396: absent keeps, `null` clears (notes to empty, priority to none). The due stays whole: see `changeDue`.
 * A new project leaves the position, which says the same in every project.
 */
export function patchTask(current: Task, patch: TaskPatch, now: Date): Decision<Task> {
  if (current.deleted_at !== null) return inBin;
  const due = changeDue(current, patch);
  const errors = checkDue(due);
  if (errors.length > 0) return invalid(errors);
  const wanted: Partial<Task> = {
    project_id: patch.project_id ?? current.project_id,
    title: patch.title ?? current.title,
    notes: patch.notes === undefined ? current.notes : (patch.notes ?? ""),
    priority: patch.priority === undefined ? current.priority : (patch.priority ?? "none"),
    ...due,
    due_at: dueAt(due),
  };
  return change(current, wanted, now.toISOString());
}

/** A completed task stays as it is. */
export function completeTask(current: Task, user_id: string, now: Date): Decision<Task> {
  if (current.deleted_at !== null) return inBin;
  if (current.completed_at !== null) return unchanged;
  const at = now.toISOString();
  return change(current, { completed_at: at, completed_by: user_id }, at);
}

/** An open task stays as it is. */
export function reopenTask(current: Task, now: Date): Decision<Task> {
  if (current.deleted_at !== null) return inBin;
  return change(current, { completed_at: null, completed_by: null }, now.toISOString());
}

/** To a place in a project. */
export function moveTask(current: Task, place: Pick<Task, "project_id" | "position">, now: Date): Decision<Task> {
  if (current.deleted_at !== null) return inBin;
  return change(current, { project_id: place.project_id, position: place.position }, now.toISOString());
}

/** To the bin; a task that is there stays there. */
export function deleteTask(current: Task, now: Date): Decision<Task> {
  if (current.deleted_at !== null) return unchanged;
  const at = now.toISOString();
  return change(current, { deleted_at: at }, at);
}

/** From the bin to its project, or to another one when that is gone. A task that is not in the bin stays as it is. */
export function restoreTask(current: Task, project_id: string, now: Date): Decision<Task> {
  if (current.deleted_at === null) return unchanged;
  return change(current, { deleted_at: null, project_id }, now.toISOString());
}

/** Puts back what the operation changed, as a new version; a created task goes to the bin. Refused when the task changed since. */
export function undoTask(current: Task, operation: Undoable<Task>, now: Date): Decision<Task> {
  if (current.version !== operation.version) return changedSince;
  if (operation.kind === "task.created") return deleteTask(current, now);
  return change(current, valuesBefore(operation.changes), now.toISOString());
}

export type TaskEventKind =
  | "task.created"
  | "task.updated"
  | "task.completed"
  | "task.reopened"
  | "task.moved"
  | "task.deleted"
  | "task.restored";

/** Which fact the changes of an existing task are. */
export function taskEventKind(changes: Changes<Task>): TaskEventKind {
  if (changes.deleted_at) return changes.deleted_at[1] === null ? "task.restored" : "task.deleted";
  if (changes.completed_at) return changes.completed_at[1] === null ? "task.reopened" : "task.completed";
  const placeOnly = Object.keys(changes).every((field) => field === "project_id" || field === "position");
  return placeOnly ? "task.moved" : "task.updated";
}
