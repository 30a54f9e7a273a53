import type { Metrics } from "@rondo/telemetry";

export type SyncMetrics = ReturnType<typeof createSyncMetrics>;

/** The numbers of live updates; `transport` is `sse` or `websocket`. */
export function createSyncMetrics(metrics: Metrics) {
  return {
    streams: metrics.gauge("rondo_sync_streams", "Open streams of live updates.", ["transport"]),
    messages: metrics.counter("rondo_sync_messages_total", "Change messages handed to streams."),
    resyncs: metrics.counter("rondo_sync_resyncs_total", "Viewers told to fetch everything again."),
    endings: metrics.counter("rondo_sync_endings_total", "Streams ended from this side: slow, refused, drain.", [
      "why",
    ]),
    rejected: metrics.counter("rondo_sync_rejected_total", "Streams not opened: user or process at its limit.", [
      "limit",
    ]),
  };
}
