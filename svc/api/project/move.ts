import type { Changed } from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { moveProject as decide, type Project, type ProjectMove, spreadPositions, unchanged } from "@rondo/task";
import type { Deps } from "../deps.ts";
import { findPosition, missingNeighbour, noNeighbour, type Order, wishOf } from "../place.ts";
import { changeProject } from "./change.ts";
import { findPlaced, lockAll, placedAfter, placedBefore, replacePositions } from "./order_queries.ts";

/** To a place among the projects. @throws see `changeProject`; `invalid` when the neighbour is not there */
export function moveProject(
  deps: Deps,
  principal: Principal,
  { id, to, version }: { id: string; to: ProjectMove; version?: number | undefined },
): Promise<Changed<Project>> {
  const wish = wishOf(to);
  const order = projectOrder(deps, principal.workspace_id);
  return changeProject(deps, principal, {
    id,
    version,
    async decide(project) {
      const position = await findPosition(order, { moving: id, wish, newId: deps.newId });
      if (position === missingNeighbour) throw noNeighbour(wish, "There is no such other project.");
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
