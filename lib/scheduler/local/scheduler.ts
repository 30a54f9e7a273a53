import type { Database } from "@rondo/db";
import { getLog, type Metrics, span } from "@rondo/telemetry";
import { keepTakingTurns } from "../chore.ts";
import { Duties } from "../duties.ts";
import { createJobMetrics } from "../metrics.ts";
import { checkedJob, checkName, kindOf } from "../name.ts";
import { type Backoff, defaultBackoff, type Scheduler } from "../port.ts";
import { trimEveryMs, trimName, trimOldRuns } from "../run_memory.ts";
import { Runner } from "../runner.ts";
import { Alarm } from "./alarm.ts";
import { putJob, removeJob } from "./queries.ts";

export interface LocalSchedulerOptions {
  /** A database with the schema of `schedulerMigrations`. */
  readonly db: Database;
  readonly metrics: Metrics;
  readonly clock?: () => Date;
  /** How often to look for what other processes scheduled; 500. What is due later than that runs at its moment all the same. */
  readonly pollMs?: number;
  /** The same when they have not for a while (see `PollPace`); `pollMs`. */
  readonly quietPollMs?: number | undefined;
  readonly backoff?: Backoff;
}

/**
 * The engine of one machine: jobs in PostgreSQL, and in each process a timer for the next one. Any number of processes may have
 * one over the same database.
 */
export function createLocalScheduler(options: LocalSchedulerOptions): Scheduler {
  const { db, clock = () => new Date(), pollMs = 500, quietPollMs, backoff = defaultBackoff } = options;
  const { sql } = db;
  const log = getLog("scheduler");
  const metrics = createJobMetrics(options.metrics);
  const runner = new Runner({ sql, metrics, backoff, log });
  const duties = new Duties();
  const stopping = new AbortController();
  let alarm: Alarm | undefined;
  let running: Promise<unknown>[] = [];
  let stopped: Promise<void> | undefined;
  duties.every({ name: trimName, everyMs: trimEveryMs, work: () => trimOldRuns(sql) }, runner);

  return {
    handle: (kind, handler) => duties.handle(kind, handler),
    every: (name, everyMs, work) => duties.every({ name, everyMs, work }, runner),
    schedule: async (wanted) => {
      const job = checkedJob(wanted);
      const kind = kindOf(job.name);
      await span(`schedule ${kind}`, { "rondo.job.name": job.name }, () => putJob(sql, job), "producer");
      metrics.scheduled(kind);
      alarm?.notify(job.name);
    },
    cancel: async (name) => {
      checkName(name);
      await removeJob(sql, name);
    },
    start: async () => {
      duties.complete();
      runner.start();
      alarm = new Alarm({ sql, runner, handlers: duties.handlers, clock, pollMs, quietPollMs, metrics, log });
      const troubled = (error: unknown) => log.warn("work that comes back has to wait for the database", { error });
      const turns = duties.chores.map((chore) => keepTakingTurns(chore, stopping.signal, troubled));
      running = [alarm.run(stopping.signal), ...turns];
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };

  async function stop(): Promise<void> {
    stopping.abort();
    runner.over();
    await Promise.all(running);
    await runner.stop();
  }
}
