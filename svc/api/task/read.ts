import type { Page, TaskQuery } from "@rondo/contract";
import { decodeCursor, pageOf } from "@rondo/http";
import { authorize, type Principal } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import { isInstant, priorities, type Task, type TaskSort } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { isPosition } from "../thing/place.ts";
import { selectTasks, type TaskList } from "./list_queries.ts";
import { findTask } from "./queries.ts";

/** One task, also from the bin. @throws Problem `forbidden`, `not_found` */
export async function readTask({ db }: Pick<Deps, "db">, principal: Principal, id: string): Promise<Task> {
  authorize(principal, "tasks.read");
  const task = await findTask(db.sql, principal.workspace_id, id);
  if (!task) throw notFound();
  return task;
}

/**
 * A page of tasks. `due_after` is inclusive, `due_before` exclusive. Sorted by due date, what is not due comes last (first when
 * descending).
 * @throws Problem `forbidden`, `invalid` for a cursor of another list
 */
export async function listTasks({ db }: Pick<Deps, "db">, principal: Principal, query: TaskQuery): Promise<Page<Task>> {
  authorize(principal, "tasks.read");
  const { status = "open", sort = "position", order = "asc", limit = 50 } = query;
  const filter = {
    workspace_id: principal.workspace_id,
    project_id: query.project,
    priority: query.priority,
    due_after: query.due_after,
    due_before: query.due_before,
  };
  const scope = JSON.stringify(["tasks", filter, status, sort, order]);
  const behind = query.cursor === undefined ? undefined : decodeCursor(scope, query.cursor, isKeyOf[sort]);
  const statuses: TaskList["statuses"] = status === "all" ? ["open", "completed", "deleted"] : [status];
  const found = await selectTasks(db.sql, { ...filter, statuses, sort, order, behind, limit: limit + 1 });
  return pageOf(found, { limit, scope, keyOf: (task) => keyOf(task, sort) });
}

function keyOf(task: Task, sort: TaskSort): string {
  return sort === "due_date" ? (task.due_at ?? "infinity") : task[sort];
}

/** Whether PostgreSQL can compare the sort's column with a key. */
const isKeyOf: Record<TaskSort, (key: string) => boolean> = {
  position: isPosition,
  due_date: (key) => key === "infinity" || isInstant(key),
  priority: (key) => priorities.some((priority) => priority === key),
  created_at: isInstant,
  updated_at: isInstant,
  title: (key) => key.isWellFormed() && !key.includes("\0"),
};
