import type { Sql } from "@rondo/db";
import type { Metrics } from "@rondo/telemetry";
import { outboxState } from "./operator_queries.ts";

/** What the relay counts, by schema; the names are listed in `lib/telemetry/README.md`. */
export interface OutboxMetrics {
  /** The engine has just acknowledged events that happened at these moments. */
  published(times: readonly string[]): void;
}

export function createOutboxMetrics(metrics: Metrics, sql: Sql, schema: string): OutboxMetrics {
  const labels = ["schema"] as const;
  const published = metrics.counter("rondo_outbox_published_total", "Events taken from the outbox to the bus.", labels);
  const delay = metrics.histogram(
    "rondo_outbox_delay_seconds",
    "From a change to the engine's word that it has its event.",
    labels,
  );
  const oldest = metrics.gauge("rondo_outbox_oldest_seconds", "Age of the oldest event in the outbox.", labels);
  const refused = metrics.gauge("rondo_outbox_refused", "Events that the engine refused, set aside.", labels);
  metrics.gauge("rondo_outbox_depth", "Events that wait in the outbox.", labels, async (depth) => {
    const state = await outboxState(sql, schema).catch(() => undefined);
    for (const gauge of [depth, oldest, refused]) gauge.remove({ schema });
    if (state === undefined) return;
    depth.set({ schema }, state.depth);
    oldest.set({ schema }, state.oldest_seconds);
    refused.set({ schema }, state.refused);
  });
  return {
    published(times) {
      if (times.length === 0) return;
      published.inc({ schema }, times.length);
      const now = Date.now();
      for (const time of times) delay.observe({ schema }, (now - Date.parse(time)) / 1_000);
    },
  };
}
