import type { Topic } from "@rondo/event";
import type { Consumer } from "./consumer.ts";

/** One partition of a topic, as one group sees it. */
export interface Place {
  readonly topic: Topic;
  readonly group: string;
  readonly partition: number;
}

/** Which ones, and why, is kept with the dead letters; a reason may quote what a log must not. */
export function reportDead({ metrics, log }: Consumer, { topic, group, partition }: Place, count: number): void {
  metrics.died(topic, group, count);
  log.error("events were given up and are kept as dead letters", { topic, group, partition, count });
}
