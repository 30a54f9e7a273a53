import { positionBetween, positionOf, spreadPositions } from "@rondo/task";
import { invalidField } from "./change.ts";

/** A thing in its order: by position, and by id where two moves made the same position. */
export interface Placed {
  readonly id: string;
  readonly position: string;
}

/** Where to: directly before or after a neighbour, or at the end. */
type Wish = { readonly side: "before" | "after"; readonly neighbour_id: string } | { readonly side: "end" };

export interface MoveInput {
  readonly before_id?: string | null;
  readonly after_id?: string | null;
}

/** How a feature finds what it orders. */
export interface Order {
  find(id: string): Promise<Placed | undefined>;
  /** The thing directly before or after this place. */
  adjacent(place: Placed, side: "before" | "after"): Promise<Placed | undefined>;
  /** Gives what stands around the place positions with room between them, in the same order. */
  spread(place: Placed): Promise<void>;
}

/**
 * The position that a move asks for; undefined when the thing stands there already.
 * Two moves into one gap at the same time may get the same position: the order is still total, by id, and the next move into
 * that gap spreads it.
 * @param missing what to say when the neighbour is not there
 * @throws Problem `invalid` when both neighbours are named, and when the one is not there
 */
export async function findPlace(
  order: Order,
  { moving, to, newId, missing }: { moving: string; to: MoveInput; newId: () => string; missing: string },
): Promise<string | undefined> {
  const wish = wishOf(to);
  if (wish.side === "end") return positionOf(newId());
  const noNeighbour = () => invalidField(`/${wish.side}_id`, missing);
  if (wish.neighbour_id === moving) throw noNeighbour();
  for (;;) {
    const neighbour = await order.find(wish.neighbour_id);
    if (!neighbour) throw noNeighbour();
    const beyond = await order.adjacent(neighbour, wish.side);
    if (beyond?.id === moving) return undefined;
    const position = between(neighbour, beyond, wish.side, newId);
    if (position !== undefined) return position;
    await order.spread(neighbour);
  }
}

function wishOf({ before_id, after_id }: MoveInput): Wish {
  if (before_id && after_id) throw invalidField("/after_id", "Name one neighbour only: before_id or after_id.");
  if (before_id) return { side: "before", neighbour_id: before_id };
  if (after_id) return { side: "after", neighbour_id: after_id };
  return { side: "end" };
}

function between(neighbour: Placed, beyond: Placed | undefined, side: "before" | "after", newId: () => string) {
  if (side === "before") return positionBetween(beyond?.position ?? null, neighbour.position);
  if (beyond) return positionBetween(neighbour.position, beyond.position);
  const end = positionOf(newId());
  return end > neighbour.position ? end : positionBetween(neighbour.position, null);
}

/** Whether a cursor's key can be a position. */
export const isPosition = (key: string): boolean => /^[0-9A-Za-z]{1,200}$/.test(key);

/** A spread is worth it when it leaves room for many more moves. */
const roomyLength = 25;

/** New positions for a run of things between two that stay; undefined when there is no room between those. */
export function spreadRun(
  before: Placed | undefined,
  after: Placed | undefined,
  count: number,
): readonly string[] | undefined {
  if (before && after && before.position >= after.position) return undefined;
  const positions = spreadPositions(before?.position ?? null, after?.position ?? null, count);
  return positions.every((position) => position.length <= roomyLength) ? positions : undefined;
}
