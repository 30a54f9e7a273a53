import type { Database } from "@rondo/db";
import { type Sidecar, sidecarOnly } from "@rondo/sidecar";
import { getLog, type Metrics, span } from "@rondo/telemetry";
import { Hono } from "hono";
import { Duties } from "../duties.ts";
import { createJobMetrics } from "../metrics.ts";
import { checkedJob, checkName, kindOf } from "../name.ts";
import { type Backoff, defaultBackoff, type Scheduler } from "../port.ts";
import { trimEveryMs, trimName, trimOldRuns } from "../run_memory.ts";
import { Runner } from "../runner.ts";
import { readJob } from "./envelope.ts";
import { putJob, removeJob } from "./jobs_api.ts";
import { Ticker } from "./ticker.ts";
import { runTriggered } from "./triggered.ts";

export interface DaprSchedulerOptions {
  readonly sidecar: Sidecar;
  /** A database with the schema of `schedulerMigrations`, the same for all processes of the app: it knows who runs what and what is done. */
  readonly db: Database;
  readonly metrics: Metrics;
  /** `APP_API_TOKEN`: what the sidecar shows. */
  readonly appToken: string | undefined;
  readonly clock?: () => Date;
  readonly backoff?: Backoff;
}

/**
 * The engine of a cluster: Dapr's Jobs API keeps the jobs and brings each to one process of the app; PostgreSQL sees to it that what
 * it brings twice has its effect once.
 * @returns beside the port the routes that the app has to serve to its sidecar: `POST /job/:name`
 */
export function createDaprScheduler(options: DaprSchedulerOptions): Scheduler & { readonly routes: Hono } {
  const { sidecar, db, clock = () => new Date(), backoff = defaultBackoff } = options;
  const log = getLog("scheduler");
  const metrics = createJobMetrics(options.metrics);
  const runner = new Runner({ sql: db.sql, metrics, backoff, log });
  const duties = new Duties();
  const stopping = new AbortController();
  const tickers = new Map<string, Ticker>();
  let started = false;
  let running: Promise<unknown>[] = [];
  let stopped: Promise<void> | undefined;
  duties.every({ name: trimName, everyMs: trimEveryMs, work: () => trimOldRuns(db.sql) }, runner);

  const routes = new Hono();
  routes.post("/job/:name", sidecarOnly(options.appToken), async (c) => {
    // 404 would count as done: whatever is not settled is 503, and Dapr brings it again.
    const again = () => c.text("Again, please.", 503);
    if (!started || stopping.signal.aborted) return again();
    const name = c.req.param("name");
    const body: unknown = await c.req.json().catch(() => undefined);
    const traceparent = c.req.header("traceparent");
    return (await take(name, body, traceparent)) ? c.text("Done.", 200) : again();
  });

  return {
    routes,
    handle: (kind, handler) => duties.handle(kind, handler),
    every: (name, everyMs, work) => duties.every({ name, everyMs, work }, runner),
    schedule: async (wanted) => {
      const job = checkedJob(wanted);
      const kind = kindOf(job.name);
      await span(`schedule ${kind}`, { "rondo.job.name": job.name }, () => putJob(sidecar, job), "producer");
      metrics.scheduled(kind);
    },
    cancel: async (name) => {
      checkName(name);
      await removeJob(sidecar, name);
    },
    start: async () => {
      duties.complete();
      runner.start();
      for (const chore of duties.chores) tickers.set(chore.jobName, new Ticker({ sidecar, chore, clock, log }));
      running = [...tickers.values()].map((ticker) => ticker.keepAsking(stopping.signal));
      started = true;
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };

  async function take(name: string, body: unknown, traceparent: string | undefined): Promise<boolean> {
    const ticker = tickers.get(name);
    ticker?.tick(stopping.signal);
    // One that no version knows any more: nothing is lost by not working.
    if (ticker !== undefined || kindOf(name) === "every") return true;
    const job = readJob(name, body);
    if (job === undefined) {
      log.error("a job came that this program cannot have scheduled", { job: name });
      return true;
    }
    try {
      const options = { runner, handlers: duties.handlers, clock, metrics, log };
      return await runTriggered(options, job, { traceparent, over: stopping.signal });
    } catch (error) {
      log.warn("a job has to wait for the database", { job: name, error });
      return false;
    }
  }

  async function stop(): Promise<void> {
    stopping.abort();
    runner.over();
    await Promise.all(running);
    for (const ticker of tickers.values()) await ticker.settled();
    await runner.stop();
  }
}
