import { counted } from "../cli/table.ts";
import { consumers } from "../groups/consumers.ts";
import { type Finding, failure, fine, warning } from "./finding.ts";

const lagWarns = 1_000;

/** Events are kept for 7 days: whoever waits for a day needs somebody to look before the week is over. */
export const dayBehindMs = 86_400_000;

export interface Consumer {
  readonly group: string;
  readonly topic: string;
  readonly members: number;
  readonly lag: number;
  /** Whether an event that is older than a day waits for it. */
  readonly isDayBehind: boolean;
}

export function isRequired({ group, topic }: Pick<Consumer, "group" | "topic">): boolean {
  return consumers.some((one) => one.group === group && one.topic === topic);
}

/** What the doctor has to say of a group on one topic, on either engine. */
export function consumerFinding(consumer: Consumer): Finding {
  const { group, topic, members, lag, isDayBehind } = consumer;
  const check = `group ${group}`;
  const says = `${counted(members, "member")}, ${lag} behind on ${topic}`;
  if (members === 0 && isRequired(consumer)) return failure(check, says, `start ${group}: nobody consumes`);
  if (isDayBehind)
    return warning(
      check,
      `${says}, the oldest for more than a day`,
      `the log of ${group} says why; what has waited for 7 days may be deleted`,
    );
  return lag > lagWarns
    ? warning(check, says, `look whether it shrinks (rondo-ops lag); the log of ${group} says what it is busy with`)
    : fine(check, says);
}
