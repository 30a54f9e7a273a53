import {
  dateSchema,
  idSchema,
  newTaskSchema,
  orders,
  prioritySchema,
  taskMoveSchema,
  taskPatchSchema,
  taskSchema,
  taskSorts,
  taskStatuses,
} from "@rondo/task";
import { type } from "arktype";
import { changed, created, named, page, thing } from "./answer.ts";
import { pageQuery } from "./page.ts";
import { contract } from "./route.ts";

/** The query of `GET /tasks`. All parameters combine with AND. */
export const taskQuerySchema = type({
  "status?": type.enumerated(...taskStatuses),
  "priority?": prioritySchema,
  "project?": idSchema,
  "due_after?": dateSchema,
  "due_before?": dateSchema,
  "sort?": type.enumerated(...taskSorts),
  "order?": type.enumerated(...orders),
  ...pageQuery,
});
export type TaskQuery = typeof taskQuerySchema.infer;

const tag = "tasks";
const task = named("Task", taskSchema);
const asItIs = changed(task, "The task as it is now");

export const taskContract = contract({
  list: {
    method: "GET",
    path: "/api/v1/tasks",
    operationId: "listTasks",
    tag,
    summary: "List tasks",
    description:
      "All parameters combine with AND; `status` is `open` unless told, `deleted` is the bin, `all` is everything. `due_after` is inclusive and `due_before` exclusive; both are calendar dates. Sorted by " +
      "`due_date`, what is not due comes last. A page's `next_cursor` stays good while tasks change, with the same filter and sort.",
    access: "tasks.read",
    query: taskQuerySchema,
    answer: page(task, "A page of tasks"),
    takes: ["Rondo-Workspace"],
  },
  create: {
    method: "POST",
    path: "/api/v1/tasks",
    operationId: "createTask",
    tag,
    summary: "Make a task",
    description:
      "Without `project_id` it goes to the workspace's Inbox. A `due_time` needs a `due_date` and a `time_zone`.",
    access: "tasks.change",
    body: named("NewTask", newTaskSchema),
    answer: created(task, "The new task"),
    takes: ["Idempotency-Key", "Rondo-Workspace"],
  },
  get: {
    method: "GET",
    path: "/api/v1/tasks/:id",
    operationId: "getTask",
    tag,
    summary: "One task",
    description: "Also when it is in the bin.",
    access: "tasks.read",
    answer: thing(task, "The task"),
    takes: ["If-None-Match", "Rondo-Workspace"],
  },
  patch: {
    method: "PATCH",
    path: "/api/v1/tasks/:id",
    operationId: "patchTask",
    tag,
    summary: "Change a task",
    description:
      "RFC 7396: an absent member is kept, `null` clears. Clearing `due_date` clears the time with it. Without an effect there is " +
      "no new version and no `Rondo-Operation`.",
    access: "tasks.change",
    body: named("TaskPatch", taskPatchSchema),
    answer: asItIs,
    takes: ["If-Match", "Rondo-Workspace"],
  },
  remove: {
    method: "DELETE",
    path: "/api/v1/tasks/:id",
    operationId: "deleteTask",
    tag,
    summary: "Put a task into the bin",
    description: "Nothing but restoring is possible there. A task that is in the bin already is answered as it is.",
    access: "tasks.change",
    answer: asItIs,
    takes: ["If-Match", "Rondo-Workspace"],
  },
  complete: {
    method: "POST",
    path: "/api/v1/tasks/:id/completion",
    operationId: "completeTask",
    tag,
    summary: "Complete a task",
    description: "A completed task is answered as it is.",
    access: "tasks.change",
    answer: asItIs,
    takes: ["If-Match", "Idempotency-Key", "Rondo-Workspace"],
  },
  reopen: {
    method: "DELETE",
    path: "/api/v1/tasks/:id/completion",
    operationId: "reopenTask",
    tag,
    summary: "Reopen a completed task",
    description: "An open task is answered as it is.",
    access: "tasks.change",
    answer: asItIs,
    takes: ["If-Match", "Rondo-Workspace"],
  },
  restore: {
    method: "POST",
    path: "/api/v1/tasks/:id/restoration",
    operationId: "restoreTask",
    tag,
    summary: "Take a task out of the bin",
    description: "It goes back to its project, or to the Inbox when that is gone.",
    access: "tasks.change",
    answer: asItIs,
    takes: ["If-Match", "Idempotency-Key", "Rondo-Workspace"],
  },
  move: {
    method: "POST",
    path: "/api/v1/tasks/:id/move",
    operationId: "moveTask",
    tag,
    summary: "Move a task",
    description:
      "To another project, another place, or both. `before_id`: directly before that task of the project; `after_id`: directly " +
      "after it; neither: at the end.",
    access: "tasks.change",
    body: named("TaskMove", taskMoveSchema),
    answer: asItIs,
    takes: ["If-Match", "Idempotency-Key", "Rondo-Workspace"],
  },
});
