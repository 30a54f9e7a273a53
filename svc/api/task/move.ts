import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { moveTask as decide, type Task, type TaskMove, unchanged } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { findPosition, missingNeighbour, noNeighbour, wishOf } from "../place.ts";
import { changeTask } from "./change.ts";
import { noProject } from "./create.ts";
import { taskOrder } from "./order.ts";

/**
 * To a place among the tasks of a project. A task that stands there already is answered as it is.
 * @throws see `changeTask`; `invalid` when the project or the neighbour is not there; `conflict` in the bin
 */
export function moveTask(
  deps: Deps,
  principal: Principal,
  { id, to, version }: { id: string; to: TaskMove; version?: number | undefined },
): Promise<Changed<Task>> {
  const wish = wishOf(to);
  const { workspace_id } = principal;
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
      const position = await findPosition(order, { moving: id, wish, newId: deps.newId });
      if (position === missingNeighbour) throw noNeighbour(wish, "There is no such other task in the project.");
      if (position === undefined) return unchanged;
      return decide(task, { project_id, position }, now);
    },
  });
}
