/** What a change does to a task, said once more and by itself: nothing in here comes from the code that it is held against. */
import type { Task } from "@rondo/task";

/** A task as the model knows it. Where it stands among others is the api's own business. */
export type ModelTask = Omit<Task, "position">;

export interface Patch {
  readonly title?: string | undefined;
  readonly notes?: string | null | undefined;
  readonly priority?: Task["priority"] | null | undefined;
  readonly due_date?: string | null | undefined;
  readonly project_id?: string | undefined;
}

export interface Move {
  readonly project_id?: string | undefined;
  readonly before_id?: string | undefined;
  readonly after_id?: string | undefined;
}

export type Verb =
  | { readonly kind: "patch"; readonly body: Patch }
  | { readonly kind: "move"; readonly body: Move }
  | { readonly kind: "complete" | "reopen" | "remove" | "restore" };

export interface By {
  readonly user_id: string;
  readonly at: string;
}

export function newTask(made: Pick<ModelTask, "id" | "workspace_id" | "project_id">, body: Patch, by: By): ModelTask {
  return {
    ...made,
    title: body.title ?? "",
    notes: body.notes ?? "",
    priority: body.priority ?? "none",
    due_date: body.due_date ?? null,
    due_time: null,
    time_zone: null,
    due_at: endOf(body.due_date ?? null),
    completed_at: null,
    completed_by: null,
    deleted_at: null,
    version: 1,
    created_at: by.at,
    created_by: by.user_id,
    updated_at: by.at,
  };
}

/** The next state; the same object when there is nothing to change, undefined when the bin forbids it. */
export function afterVerb(task: ModelTask, verb: Verb, by: By): ModelTask | undefined {
  const binned = task.deleted_at !== null;
  if (verb.kind === "remove") return binned ? task : next(task, { deleted_at: by.at }, by);
  if (verb.kind === "restore") return binned ? next(task, { deleted_at: null }, by) : task;
  if (binned) return undefined;
  if (verb.kind === "move") return next(task, { project_id: verb.body.project_id ?? task.project_id }, by);
  if (verb.kind === "patch") return patched(task, verb.body, by);
  if (verb.kind === "complete" && task.completed_at === null)
    return next(task, { completed_at: by.at, completed_by: by.user_id }, by);
  if (verb.kind === "reopen" && task.completed_at !== null)
    return next(task, { completed_at: null, completed_by: null }, by);
  return task;
}

/** What an undo makes of a task whose last change is to be undone: its content before that; a new task goes to the bin. */
export function afterUndo(history: readonly ModelTask[], by: By): ModelTask | undefined {
  const [before, last] = [history.at(-2), history.at(-1)];
  if (last === undefined) return undefined;
  return next(last, before ?? { deleted_at: by.at }, by);
}

function patched(task: ModelTask, { title, notes, priority, due_date, project_id }: Patch, by: By): ModelTask {
  const date = due_date === undefined ? task.due_date : due_date;
  const wanted = {
    title: title ?? task.title,
    notes: notes === undefined ? task.notes : (notes ?? ""),
    priority: priority === undefined ? task.priority : (priority ?? "none"),
    due_date: date,
    due_at: endOf(date),
    project_id: project_id ?? task.project_id,
  };
  return Bun.deepEquals({ ...task, ...wanted }, task) ? task : next(task, wanted, by);
}

function next(task: ModelTask, changes: Partial<ModelTask>, { at }: By): ModelTask {
  return { ...task, ...changes, version: task.version + 1, updated_at: at };
}

function endOf(date: string | null): string | null {
  return date === null ? null : `${date}T23:59:59.999Z`;
}

/** Which event tells of it. */
export function eventTypeOf(before: ModelTask | undefined, after: ModelTask): string {
  if (before === undefined) return "task.created.v1";
  if (before.deleted_at !== after.deleted_at) return `task.${after.deleted_at === null ? "restored" : "deleted"}.v1`;
  if (before.completed_at !== after.completed_at)
    return `task.${after.completed_at === null ? "reopened" : "completed"}.v1`;
  return sameContent(before, after) ? "task.moved.v1" : "task.updated.v1";
}

function sameContent(one: ModelTask, other: ModelTask): boolean {
  const { version, updated_at, project_id } = one;
  return Bun.deepEquals({ ...other, version, updated_at, project_id }, one);
}
