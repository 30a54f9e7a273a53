import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolPath } from "@rondo/scripts/tools";

/** Where and as whom k6 works: an origin, an API token, a project to list and create in, tasks to read and change. */
export interface Target {
  readonly origin: string;
  readonly token: string;
  readonly project_id: string;
  readonly task_ids: readonly string[];
}

/** What k6 measured of one named request; times in milliseconds. */
export interface RequestFigures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface K6Result {
  /** All thresholds of the profile held. */
  readonly passed: boolean;
  /** Answers that were not the expected one: those that never came, and those with another status. */
  readonly errors: number;
  readonly dropped: number;
  readonly requests: Readonly<Record<string, RequestFigures>>;
}

interface Summary {
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> }>>;
}

/** Runs one profile of `k6/profiles.ts`. @throws when k6 is not built or cannot run at all. */
export async function runK6(
  target: Target,
  run: { profile: string; seconds: number; kind?: string; perSecond?: number },
): Promise<K6Result> {
  const k6 = toolPath("k6");
  if (k6 === undefined) throw new Error("k6 is not built on this machine: npm run tools");
  const folder = mkdtempSync(join(tmpdir(), "rondo-k6-"));
  try {
    const tasks = join(folder, "tasks");
    const summary = join(folder, "summary.json");
    writeFileSync(tasks, target.task_ids.join("\n"));
    const settings = {
      BASE_URL: target.origin,
      TOKEN: target.token,
      PROJECT: target.project_id,
      TASKS: tasks,
      SUMMARY: summary,
      PROFILE: run.profile,
      SECONDS: String(run.seconds),
      KIND: run.kind ?? "list",
      RATE: String(run.perSecond ?? 500),
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const child = Bun.spawn(
      [k6, "run", "--quiet", "--no-usage-report", ...flags, join(import.meta.dir, "k6/journeys.ts")],
      {
        stdin: "ignore",
        stdout: "ignore",
        stderr: "pipe",
      },
    );
    const complaint = await new Response(child.stderr).text();
    const code = await child.exited;
    if (code !== 0 && code !== thresholdsCrossed) throw new Error(`k6 ended with ${code}: ${complaint.trim()}`);
    return resultOf(JSON.parse(readFileSync(summary, "utf8")), code === 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** k6's exit code for a run that was measured to its end and found too slow or faulty. */
const thresholdsCrossed = 99;

const names = ["list", "filter", "read", "create", "update", "complete"] as const;

function resultOf(summary: Summary, passed: boolean): K6Result {
  const seconds = summary.state.testRunDurationMs / 1000;
  const requests: Record<string, RequestFigures> = {};
  for (const name of names) {
    const times = summary.metrics[`http_req_duration{name:${name}}`]?.values;
    const count = summary.metrics[`http_reqs{name:${name}}`]?.values.count ?? 0;
    if (times === undefined || count === 0) continue;
    requests[name] = {
      perSecond: count / seconds,
      p50: times.med ?? Number.NaN,
      p95: times["p(95)"] ?? Number.NaN,
      p99: times["p(99)"] ?? Number.NaN,
    };
  }
  const checks = summary.metrics.checks?.values;
  if (checks === undefined) throw new Error("k6 checked no answer");
  return {
    passed,
    errors: checks.fails ?? Number.NaN,
    dropped: summary.metrics.dropped_iterations?.values.count ?? 0,
    requests,
  };
}
