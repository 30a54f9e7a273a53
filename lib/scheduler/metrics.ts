import type { Metrics } from "@rondo/telemetry";

/** What a scheduler counts, by kind; the names are listed in `lib/telemetry/README.md`. */
export interface JobMetrics {
  scheduled(kind: string): void;
  /** A run begins, so long after its moment. */
  late(kind: string, seconds: number): void;
  ran(kind: string, outcome: "done" | "failed", seconds: number): void;
  /** The engine triggered a job that was done already. */
  repeated(kind: string): void;
}

const latenessBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3_600];

export function createJobMetrics(metrics: Metrics): JobMetrics {
  const labels = ["kind"] as const;
  const scheduled = metrics.counter("rondo_jobs_scheduled_total", "Jobs handed to the engine.", labels);
  const runs = metrics.counter("rondo_jobs_runs_total", "Runs of jobs, by how they ended.", [...labels, "outcome"]);
  const repeated = metrics.counter("rondo_jobs_repeated_total", "Jobs triggered again that were done already.", labels);
  const duration = metrics.histogram("rondo_jobs_run_duration_seconds", "Runs of jobs.", labels);
  const lateness = metrics.histogram(
    "rondo_jobs_lateness_seconds",
    "From a job's moment to the beginning of its first run.",
    labels,
    latenessBuckets,
  );
  return {
    scheduled: (kind) => scheduled.inc({ kind }),
    late: (kind, seconds) => lateness.observe({ kind }, seconds),
    ran: (kind, outcome, seconds) => {
      runs.inc({ kind, outcome });
      duration.observe({ kind }, seconds);
    },
    repeated: (kind) => repeated.inc({ kind }),
  };
}
