import type { Fragment, Sql } from "@rondo/db";
import type { Place } from "@rondo/http";
import type { Order, Priority, Task, TaskSort } from "@rondo/task";
import { taskColumns } from "./queries.ts";

type StoredStatus = "open" | "completed" | "deleted";

export interface TaskList {
  readonly workspace_id: string;
  /** Each is read from its own index and the results merged. */
  readonly statuses: readonly StoredStatus[];
  readonly project_id: string | undefined;
  readonly priority: Priority | undefined;
  /** `YYYY-MM-DD`, inclusive. */
  readonly due_after: string | undefined;
  /** `YYYY-MM-DD`, exclusive. */
  readonly due_before: string | undefined;
  readonly sort: TaskSort;
  readonly order: Order;
  readonly behind: Place | undefined;
  readonly limit: number;
}

/** One page of tasks. Each combination of filters is a statement of its own, prepared once per connection. */
export async function selectTasks(sql: Sql, list: TaskList): Promise<Task[]> {
  return sql<Task[]>`${pageOfTasks(sql, list)}`;
}

/** The statement of `selectTasks`, for the tests that look at its plan. */
export function pageOfTasks(sql: Sql, list: TaskList): Fragment {
  const [only, ...more] = list.statuses;
  if (only !== undefined && more.length === 0) return selectStatus(sql, list, only, taskColumns(sql));
  // The sorts of the whole need what the parts were sorted by.
  const parts = list.statuses.map((status) => selectStatus(sql, list, status, sql`${taskColumns(sql)}, due_order`));
  const all = parts.map((part) => sql`(${part})`).reduce((left, right) => sql`${left} union all ${right}`);
  return sql`
    select ${taskColumns(sql)} from (${all}) as every_status
    ${inOrder(sql, list)} limit ${list.limit}`;
}

function selectStatus(sql: Sql, list: TaskList, status: StoredStatus, columns: Fragment): Fragment {
  return sql`
    select ${columns} from api.task
    where workspace_id = ${list.workspace_id} and ${hasStatus(sql, status)}
      ${inProject(sql, list)} ${ofPriority(sql, list)} ${dueWithin(sql, list)} ${behind(sql, list)}
    ${inOrder(sql, list)} limit ${list.limit}`;
}

/** Written out rather than a parameter, so that a prepared plan knows how rare the status is. */
function hasStatus(sql: Sql, status: StoredStatus): Fragment {
  if (status === "open") return sql`status = 'open'`;
  return status === "completed" ? sql`status = 'completed'` : sql`status = 'deleted'`;
}

function inProject(sql: Sql, { project_id }: TaskList): Fragment {
  return project_id === undefined ? sql`` : sql`and project_id = ${project_id}`;
}

function ofPriority(sql: Sql, { priority }: TaskList): Fragment {
  return priority === undefined ? sql`` : sql`and priority = ${priority}`;
}

/** The bounds on `due_order`, a day wider than any zone's offset, are there for the index; those on `due_date` say what is meant. */
function dueWithin(sql: Sql, { due_after, due_before }: TaskList): Fragment {
  const after =
    due_after === undefined
      ? sql``
      : sql`and due_date >= ${due_after}::date and due_order >= ${`${due_after}T00:00:00Z`}::timestamptz - interval '1 day'`;
  const before =
    due_before === undefined
      ? sql``
      : sql`and due_date < ${due_before}::date and due_order < ${`${due_before}T00:00:00Z`}::timestamptz + interval '1 day'`;
  return sql`${after} ${before}`;
}

const sortColumns: Record<TaskSort, string> = {
  position: "position",
  due_date: "due_order",
  priority: "priority",
  created_at: "created_at",
  updated_at: "updated_at",
  title: "title",
};

/** Behind the place at which the page before ended, in the direction of the list. */
function behind(sql: Sql, { behind: place, sort, order }: TaskList): Fragment {
  if (place === undefined) return sql``;
  const { key, id } = place;
  const column = sql(sortColumns[sort]);
  return order === "asc" ? sql`and (${column}, id) > (${key}, ${id})` : sql`and (${column}, id) < (${key}, ${id})`;
}

function inOrder(sql: Sql, { sort, order }: TaskList): Fragment {
  const column = sql(sortColumns[sort]);
  return order === "asc" ? sql`order by ${column}, id` : sql`order by ${column} desc, id desc`;
}
