import { authorize, type Principal } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import type { Task } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { findTask } from "./queries.ts";

/** One task, also from the bin. @throws Problem `forbidden`, `not_found` */
export async function readTask({ db }: Pick<Deps, "db">, principal: Principal, id: string): Promise<Task> {
  authorize(principal, "tasks.read");
  const task = await findTask(db.sql, principal.workspace_id, id);
  if (!task) throw notFound();
  return task;
}
