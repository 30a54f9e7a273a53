import { choice, optional, text } from "@rondo/config";
import { option, type ValuesOf } from "../cli/option.ts";
import type { KeptLetter } from "../kafka/dead_letters.ts";
import { kafkaOptions } from "../kafka/options.ts";
import { ownTopics } from "../topics/plan.ts";

/** Which dead letters are meant. */
export const filterOptions = {
  topic: option(
    optional(
      choice(ownTopics, {
        name: "--topic",
        description: "Only those of this topic; its own name, without -dead.",
        example: "task-events",
      }),
    ),
  ),
  group: option(
    optional(
      text({
        name: "--group",
        description: "Only those that this group gave up; unknown are those that the engine put aside.",
        example: "audit",
      }),
    ),
  ),
  reason: option(
    optional(
      text({ name: "--reason", description: "Only those whose reason has this text in it.", example: "must be" }),
    ),
  ),
  ...kafkaOptions,
};

export type Filter = Pick<ValuesOf<typeof filterOptions>, "topic" | "group" | "reason">;

/** Whether somebody said which ones are meant. */
export function isFiltered({ topic, group, reason }: Filter): boolean {
  return topic !== undefined || group !== undefined || reason !== undefined;
}

export function topicsOf({ topic }: Filter): readonly string[] {
  return topic === undefined ? ownTopics : [topic];
}

export function matches({ group, reason }: Filter, letter: KeptLetter): boolean {
  return (group === undefined || (letter.group ?? "unknown") === group) && letter.reason.includes(reason ?? "");
}
