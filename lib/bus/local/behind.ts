import type { GroupPosition } from "./operator_queries.ts";

/** How long the oldest event that a group has not consumed has been waiting; 0 when there is none. */
export function behindMs(positions: readonly Pick<GroupPosition, "waiting_since">[], nowMs: number): number {
  const since = positions.flatMap(({ waiting_since }) => (waiting_since === null ? [] : [Date.parse(waiting_since)]));
  return since.length === 0 ? 0 : Math.max(0, nowMs - Math.min(...since));
}
