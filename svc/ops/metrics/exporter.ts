import { type AdminApp, adminApp } from "@rondo/http";
import { createMetrics } from "@rondo/telemetry";
import type { ConsumerLag } from "./lag.ts";

const readyWithinMs = 5_000;

/**
 * The metric that only Kafka can tell, under the name that the engine in PostgreSQL has for it (`lib/telemetry/README.md`):
 * `/metrics`, read anew at every request; `/readyz`, which tells whether Kafka answers; `/healthz`.
 */
export function lagExporter(read: () => Promise<readonly ConsumerLag[]>): AdminApp {
  const shared = oneAtATime(read);
  const metrics = createMetrics();
  metrics.gauge("rondo_bus_lag", "Events published and not yet consumed.", ["topic", "group"], async (gauge) => {
    const lags = await shared().catch(() => []);
    // Neither a group that was deleted nor what was true before Kafka went away.
    gauge.reset();
    for (const { topic, group, lag } of lags) gauge.set({ topic, group }, lag);
  });
  const ready = { kafka: () => shared().then(() => undefined) };
  return adminApp({ ready, metrics, timeoutMs: readyWithinMs });
}

/** Whoever asks while an answer is on its way gets that one: several scrapers cost Kafka no more than one. */
function oneAtATime<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
