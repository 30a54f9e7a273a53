import type { Admin } from "kafkajs";
import { consumers, signals } from "../groups/consumers.ts";
import { groupNames } from "../kafka/groups.ts";
import { lagOf, topicsOfGroup } from "../kafka/lag.ts";
import { ownTopics } from "../topics/plan.ts";

/** How far a consumer group is behind on a topic, all partitions together. */
export interface ConsumerLag {
  readonly group: string;
  readonly topic: string;
  readonly lag: number;
}

/**
 * Of every group that consumes Rondo's events, and of those that should but never have: all kept events are their lag. The
 * groups of live signals are left out.
 */
export async function consumerLags(admin: Admin): Promise<ConsumerLag[]> {
  const present = (await groupNames(admin)).filter((group) => !group.startsWith(signals.prefix));
  const groups = [...new Set([...consumers.map(({ group }) => group), ...present])].sort();
  const found: ConsumerLag[] = [];
  for (const group of groups) {
    const told = present.includes(group) ? await topicsOfGroup(admin, group) : [];
    const due = consumers.filter((one) => one.group === group).map(({ topic }) => topic);
    const topics = ownTopics.filter((topic) => told.includes(topic) || due.some((one) => one === topic));
    const partitions = await lagOf(admin, group, topics);
    for (const [topic, those] of Map.groupBy(partitions, (one) => one.topic))
      found.push({ group, topic, lag: those.reduce((sum, { lag }) => sum + lag, 0) });
  }
  return found;
}
