import { bodyErrors, describe, type RouteOptions } from "@rondo/http";
import { taskSchema } from "@rondo/task";

const task = { schema: taskSchema, name: "Task" } as const;
const changed = { ...task, headers: ["ETag", "Rondo-Operation"] } as const;
const onOne = ["forbidden", "not_found"] as const;
const onChange = [...onOne, "malformed", "conflict", "stale"] as const;
const workspace = "Rondo-Workspace";

function route(options: Omit<RouteOptions, "tags">) {
  return describe({ ...options, tags: ["tasks"] });
}

/** What the OpenAPI document says of each route. */
export const docs = {
  list: route({
    summary: "List tasks",
    description:
      "All parameters combine with AND; `status` is `open` unless told, `deleted` is the bin, `all` is everything. `due_after` is inclusive and `due_before` exclusive; both are calendar dates. Sorted by " +
      "`due_date`, what is not due comes last. A page's `next_cursor` stays good while tasks change, with the same filter and sort.",
    operationId: "listTasks",
    success: { description: "A page of tasks", ...task, list: true },
    errors: ["forbidden", "not_found", "invalid"],
    takes: [workspace],
  }),
  create: route({
    summary: "Make a task",
    description:
      "Without `project_id` it goes to the workspace's Inbox. A `due_time` needs a `due_date` and a `time_zone`.",
    operationId: "createTask",
    success: { status: 201, description: "The new task", ...task, headers: ["ETag", "Location", "Rondo-Operation"] },
    errors: [...bodyErrors, "forbidden", "not_found", "conflict"],
    takes: ["Idempotency-Key", workspace],
  }),
  read: route({
    summary: "One task",
    description: "Also when it is in the bin.",
    operationId: "getTask",
    success: { description: "The task", ...task, headers: ["ETag"] },
    errors: onOne,
    takes: ["If-None-Match", workspace],
  }),
  patch: route({
    summary: "Change a task",
    description:
      "RFC 7396: an absent member is kept, `null` clears. Clearing `due_date` clears the time with it. Without an effect there is " +
      "no new version and no `Rondo-Operation`.",
    operationId: "patchTask",
    success: { description: "The task as it is now", ...changed },
    errors: [...onChange, ...bodyErrors],
    takes: ["If-Match", workspace],
  }),
  remove: route({
    summary: "Put a task into the bin",
    description: "Nothing but restoring is possible there. A task that is in the bin already is answered as it is.",
    operationId: "deleteTask",
    success: { description: "The task as it is now", ...changed },
    errors: onChange,
    takes: ["If-Match", workspace],
  }),
  complete: route({
    summary: "Complete a task",
    description: "A completed task is answered as it is.",
    operationId: "completeTask",
    success: { description: "The task as it is now", ...changed },
    errors: [...onChange, "invalid"],
    takes: ["If-Match", "Idempotency-Key", workspace],
  }),
  reopen: route({
    summary: "Reopen a completed task",
    description: "An open task is answered as it is.",
    operationId: "reopenTask",
    success: { description: "The task as it is now", ...changed },
    errors: onChange,
    takes: ["If-Match", workspace],
  }),
  restore: route({
    summary: "Take a task out of the bin",
    description: "It goes back to its project, or to the Inbox when that is gone.",
    operationId: "restoreTask",
    success: { description: "The task as it is now", ...changed },
    errors: [...onChange, "invalid"],
    takes: ["If-Match", "Idempotency-Key", workspace],
  }),
  move: route({
    summary: "Move a task",
    description:
      "To another project, another place, or both. `before_id`: directly before that task of the project; `after_id`: directly " +
      "after it; neither: at the end.",
    operationId: "moveTask",
    success: { description: "The task as it is now", ...changed },
    errors: [...onChange, ...bodyErrors],
    takes: ["If-Match", "Idempotency-Key", workspace],
  }),
};
