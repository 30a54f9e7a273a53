import { choice, optional, text } from "@rondo/config";
import { option, type ValuesOf } from "../cli/option.ts";
import { engineOptions } from "../engine/options.ts";
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
  ...engineOptions,
};

export type Filter = Pick<ValuesOf<typeof filterOptions>, "topic" | "group" | "reason">;

/** Whether somebody said which ones are meant. */
export function isFiltered({ topic, group, reason }: Filter): boolean {
  return topic !== undefined || group !== undefined || reason !== undefined;
}
