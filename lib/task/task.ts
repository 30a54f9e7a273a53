import { type } from "arktype";
import { prioritySchema } from "./priority.ts";
import { dateSchema, idSchema, instantSchema, positionSchema, timeSchema, timeZoneSchema } from "./scalar.ts";
import { notesSchema, titleSchema } from "./text.ts";

/** A task as it is stored, answered and carried by events. Members it does not know pass: a newer version may have more. */
export const taskSchema = type({
  id: idSchema,
  workspace_id: idSchema,
  project_id: idSchema,
  title: "1 <= string <= 500",
  notes: "string <= 50000",
  priority: prioritySchema,
  due_date: dateSchema.or("null"),
  due_time: timeSchema.or("null"),
  time_zone: "string | null",
  due_at: instantSchema.or("null"),
  completed_at: instantSchema.or("null"),
  completed_by: idSchema.or("null"),
  deleted_at: instantSchema.or("null"),
  position: positionSchema,
  version: "number.integer >= 1",
  created_at: instantSchema,
  created_by: idSchema,
  updated_at: instantSchema,
});
export type Task = Readonly<typeof taskSchema.infer>;

/** The body of `POST /tasks`. Without a project the task goes to the workspace's Inbox. */
export const newTaskSchema = type({
  "+": "reject",
  title: titleSchema,
  "notes?": notesSchema,
  "project_id?": idSchema,
  "priority?": prioritySchema,
  "due_date?": dateSchema.or("null"),
  "due_time?": timeSchema.or("null"),
  "time_zone?": timeZoneSchema.or("null"),
});
export type NewTask = Readonly<typeof newTaskSchema.infer>;

/** The body of `PATCH /tasks/:id` (RFC 7396): absent keeps, `null` clears. */
export const taskPatchSchema = type({
  "+": "reject",
  "project_id?": idSchema,
  "title?": titleSchema,
  "notes?": notesSchema.or("null"),
  "priority?": prioritySchema.or("null"),
  "due_date?": dateSchema.or("null"),
  "due_time?": timeSchema.or("null"),
  "time_zone?": timeZoneSchema.or("null"),
});
export type TaskPatch = Readonly<typeof taskPatchSchema.infer>;

const neighbour = idSchema.or("null");

/**
 * The body of `POST /tasks/:id/move`. `before_id`: stand directly before that task of the project; `after_id`: directly after
 * it; neither: at the end. `project_id`: of that project, else of the task's own.
 */
export const taskMoveSchema = type({
  "+": "reject",
  "project_id?": idSchema,
  "before_id?": neighbour,
  "after_id?": neighbour,
});
export type TaskMove = Readonly<typeof taskMoveSchema.infer>;

export const taskStatuses = ["open", "completed", "deleted", "all"] as const;
export type TaskStatus = (typeof taskStatuses)[number];
export const taskSorts = ["position", "due_date", "priority", "created_at", "updated_at", "title"] as const;
export type TaskSort = (typeof taskSorts)[number];
export const orders = ["asc", "desc"] as const;
export type Order = (typeof orders)[number];
