import type { Tx } from "@rondo/db";
import type { Deps } from "../deps.ts";
import { type Order, type Placed, spreadRun } from "../thing/place.ts";
import { findPlaced, lockOrder, placedAfter, placedBefore, replacePositions } from "./order_queries.ts";

/** Tasks on each side of a gap that are spread at first; more when they stand too close as well. */
const firstReach = 32;

/** The order of the tasks of one project: open and completed ones together, so that a reopened task finds its place. */
export function taskOrder({ db }: Pick<Deps, "db">, project: { workspace_id: string; project_id: string }): Order {
  return {
    find: (id) => findPlaced(db.sql, project, id),
    async adjacent(place, side) {
      const find = side === "before" ? placedBefore : placedAfter;
      const [nearest] = await find(db.sql, project, place, 1);
      return nearest;
    },
    spread: (place) =>
      db.transaction(async (tx) => {
        await lockOrder(tx, project);
        await spreadAround(tx, project, place);
      }),
  };
}

/** The wider the reach, the more room: the whole project always has enough. */
async function spreadAround(
  tx: Tx,
  project: { workspace_id: string; project_id: string },
  place: Placed,
): Promise<void> {
  for (let reach = firstReach; ; reach *= 8) {
    const before = await placedBefore(tx, project, place, reach + 1);
    const after = await placedAfter(tx, project, place, reach + 1);
    const run = [...before.slice(0, reach).reverse(), place, ...after.slice(0, reach)];
    const positions = spreadRun(before[reach], after[reach], run.length);
    if (positions) return replacePositions(tx, run, positions);
  }
}
