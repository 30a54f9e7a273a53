import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { moveTask as decide, type Task, type TaskMove, unchanged } from "@rondo/task";
import type { Deps } from "../deps.ts";
import type { One } from "../thing/change.ts";
import { findPlace } from "../thing/place.ts";
import { changeTask } from "./change.ts";
import { noProject } from "./create.ts";
import { taskOrder } from "./order.ts";

const missing = "There is no such other task in the project.";

/**
 * To a place among the tasks of a project. A task that stands there already is answered as it is.
 * @throws see `changeTask`; `invalid` when the project or the neighbour is not there; `conflict` in the bin
 */
export function moveTask(
  deps: Deps,
  principal: Principal,
  { id, version, body: to }: One & { body: TaskMove },
): Promise<Changed<Task>> {
  const { workspace_id } = principal;
  const { newId } = deps;
  return changeTask(deps, principal, {
    id,
    version,
    noProject,
    async decide(task) {
      const project_id = to.project_id ?? task.project_id;
      const now = deps.clock();
      // In the bin nothing is looked up: it is refused whatever the place.
      if (task.deleted_at !== null) return decide(task, task, now);
      const order = taskOrder(deps, { workspace_id, project_id });
      const position = await findPlace(order, { moving: id, to, newId, missing });
      return position === undefined ? unchanged : decide(task, { project_id, position }, now);
    },
  });
}
