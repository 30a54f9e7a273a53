import { deadTopicOf } from "@rondo/bus/dead_letter_record";
import { UsageError } from "../cli/option.ts";
import { ownTopics } from "../topics/plan.ts";

/** The topics of dead letters by their ids. @throws UsageError for what cannot be an id. */
export function topicsOfIds(ids: readonly string[]): readonly string[] {
  const wrong: string[] = [];
  const found = new Set<string>();
  for (const id of ids) {
    const [, name] = /^(.+):\d+:\d+$/.exec(id) ?? [];
    const topic = ownTopics.find((each) => deadTopicOf(each) === name);
    if (topic === undefined)
      wrong.push(`${JSON.stringify(id)} is no id; one looks like ${deadTopicOf("task-events")}:0:17`);
    else found.add(topic);
  }
  if (wrong.length > 0) throw new UsageError(...wrong);
  return [...found];
}
