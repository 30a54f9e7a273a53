import type { Metrics } from "@rondo/telemetry";
import type { Outcome } from "./port.ts";

/** What the bus counts, by topic and group; the names are listed in `lib/telemetry/README.md`. */
export interface BusMetrics {
  delivered(topic: string, group: string, outcome: Outcome["result"], count: number): void;
  retried(topic: string, group: string): void;
  died(topic: string, group: string, count: number): void;
  paused(topic: string, group: string, isPaused: boolean): void;
}

/** A group that is looked at whenever the metrics are read. */
export interface Measured {
  readonly topic: string;
  readonly group: string;
  readonly parked: () => Promise<number>;
}

/** How far a group is in its log, where the engine can tell that from here; how far one on Kafka is, `rondo-ops metrics` asks. */
export interface MeasuredInLog extends Measured {
  /** Events published and not yet consumed. */
  readonly lag: () => Promise<number>;
  /** Age of the oldest event on the log that was not read yet. */
  readonly behindMs: () => Promise<number>;
}

const labels = ["topic", "group"] as const;

/**
 * @param groups those of this process; there may be more of them later
 * @param inLog the same, on an engine that tells how far they are
 */
export function createBusMetrics(
  metrics: Metrics,
  groups: readonly Measured[],
  inLog?: readonly MeasuredInLog[],
): BusMetrics {
  const deliveries = metrics.counter("rondo_bus_deliveries_total", "Events handed to a consumer, by its answer.", [
    ...labels,
    "outcome",
  ]);
  const retries = metrics.counter("rondo_bus_retries_total", "Events handed to a consumer once more.", labels);
  const dead = metrics.counter("rondo_bus_dead_letters_total", "Events that a consumer gave up.", labels);
  const paused = metrics.gauge("rondo_bus_paused", "1 while a group waits for something that it needs.", labels);
  const measure = <G extends Measured>(
    of: readonly G[],
    name: string,
    help: string,
    read: (group: G) => Promise<number>,
  ) =>
    metrics.gauge(name, help, labels, async (gauge) => {
      const measureOne = async (measured: G) => {
        const { topic, group } = measured;
        const value = await read(measured).catch(() => undefined);
        if (value === undefined) gauge.remove({ topic, group });
        else gauge.set({ topic, group }, value);
      };
      await Promise.all(of.map(measureOne));
    });
  measure(groups, "rondo_bus_parked", "Events that wait to be tried again, and those behind them.", (group) =>
    group.parked(),
  );
  if (inLog !== undefined) {
    measure(inLog, "rondo_bus_lag", "Events published and not yet consumed.", (group) => group.lag());
    measure(
      inLog,
      "rondo_bus_behind_seconds",
      "Age of the oldest event that a group has not read.",
      async (group) => (await group.behindMs()) / 1_000,
    );
  }
  return {
    delivered: (topic, group, outcome, count) => deliveries.inc({ topic, group, outcome }, count),
    retried: (topic, group) => retries.inc({ topic, group }),
    died: (topic, group, count) => dead.inc({ topic, group }, count),
    paused: (topic, group, isPaused) => paused.set({ topic, group }, isPaused ? 1 : 0),
  };
}
