import type { Metrics } from "@rondo/telemetry";
import type { Outcome } from "./port.ts";

/** What the bus counts, by topic and group; the names are listed in `lib/telemetry/README.md`. */
export interface BusMetrics {
  delivered(topic: string, group: string, outcome: Outcome["result"], count: number): void;
  retried(topic: string, group: string): void;
  died(topic: string, group: string, count: number): void;
}

/** A group whose lag is looked up whenever the metrics are read. */
export interface Measured {
  readonly topic: string;
  readonly group: string;
  lag(): Promise<number>;
}

/** @param groups those whose lag this process knows, if it can know any; there may be more of them later */
export function createBusMetrics(metrics: Metrics, groups?: readonly Measured[]): BusMetrics {
  const labels = ["topic", "group"] as const;
  const deliveries = metrics.counter("rondo_bus_deliveries_total", "Events handed to a consumer, by its answer.", [
    ...labels,
    "outcome",
  ]);
  const retries = metrics.counter("rondo_bus_retries_total", "Events handed to a consumer once more.", labels);
  const dead = metrics.counter("rondo_bus_dead_letters_total", "Events that a consumer gave up.", labels);
  if (groups !== undefined) measureLag(metrics, groups);
  return {
    delivered: (topic, group, outcome, count) => deliveries.inc({ topic, group, outcome }, count),
    retried: (topic, group) => retries.inc({ topic, group }),
    died: (topic, group, count) => dead.inc({ topic, group }, count),
  };
}

function measureLag(metrics: Metrics, groups: readonly Measured[]): void {
  const labels = ["topic", "group"] as const;
  metrics.gauge("rondo_bus_lag", "Events published and not yet consumed.", labels, async (gauge) => {
    const measure = async ({ topic, group, lag }: Measured) => {
      const events = await lag().catch(() => undefined);
      if (events === undefined) gauge.remove({ topic, group });
      else gauge.set({ topic, group }, events);
    };
    await Promise.all(groups.map(measure));
  });
}
