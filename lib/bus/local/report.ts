import type { Consumer } from "./deliver.ts";
import type { Share } from "./log_queries.ts";

/** Which ones, and why, is kept with the dead letters; a reason may quote what a log must not. */
export function reportDead({ metrics, log }: Consumer, { topic, group, partition }: Share, count: number): void {
  metrics.died(topic, group, count);
  log.error("events were given up and are kept as dead letters", { topic, group, partition, count });
}
