import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { moveProject as decide, type Project, type ProjectMove, spreadPositions, unchanged } from "@rondo/task";
import type { Deps } from "../deps.ts";
import type { One } from "../thing/change.ts";
import { findPlace, type Order } from "../thing/place.ts";
import { changeProject } from "./change.ts";
import { findPlaced, lockAll, placedAfter, placedBefore, replacePositions } from "./order_queries.ts";

const missing = "There is no such other project.";

/** To a place among the projects. @throws see `changeProject`; `invalid` when the neighbour is not there */
export function moveProject(
  deps: Deps,
  principal: Principal,
  { id, version, body: to }: One & { body: ProjectMove },
): Promise<Changed<Project>> {
  const order = projectOrder(deps, principal.workspace_id);
  return changeProject(deps, principal, {
    id,
    version,
    async decide(project) {
      const position = await findPlace(order, { moving: id, to, newId: deps.newId, missing });
      return position === undefined ? unchanged : decide(project, position, deps.clock());
    },
  });
}

/** There are few projects, so all of them are spread at once. */
function projectOrder({ db }: Pick<Deps, "db">, workspaceId: string): Order {
  return {
    find: (id) => findPlaced(db.sql, workspaceId, id),
    adjacent: (place, side) => (side === "before" ? placedBefore : placedAfter)(db.sql, workspaceId, place),
    spread: () =>
      db.transaction(async (tx) => {
        const all = await lockAll(tx, workspaceId);
        await replacePositions(tx, all, spreadPositions(null, null, all.length));
      }),
  };
}
