import type { DeadLetter } from "@rondo/bus";
import type { KeptLetter } from "./dead_letters.ts";
import { shownFrom } from "./event_in.ts";

/** The group of a dead letter that the engine put aside without saying for whom. */
export const unknownGroup = "unknown";

/** A dead letter of any topic of Rondo's, those that have no events yet included. */
export interface ShownLetter extends Omit<DeadLetter, "topic"> {
  readonly topic: string;
}

export function shown({ id, topic, group, key, original, ...letter }: KeptLetter): ShownLetter {
  const { reason, tries, first_failed_at, last_failed_at } = letter;
  return {
    id,
    topic,
    group: group ?? unknownGroup,
    key: key?.toString() ?? "",
    event: shownFrom(original),
    reason,
    tries,
    first_failed_at,
    last_failed_at,
  };
}
