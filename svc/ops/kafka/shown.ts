import type { Letter } from "../engine/port.ts";
import type { KeptLetter } from "./dead_letters.ts";
import { shownFrom } from "./event_in.ts";

/** The group of a dead letter that the engine put aside without saying for whom. */
export const unknownGroup = "unknown";

export function shown({ id, topic, group, key, original, ...letter }: KeptLetter): Letter {
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
