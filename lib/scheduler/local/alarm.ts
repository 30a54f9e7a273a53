import { PollPace, pause, WakeUp } from "@rondo/coordination";
import type { Sql } from "@rondo/db";
import type { Log } from "@rondo/telemetry";
import type { JobMetrics } from "../metrics.ts";
import { kindOf } from "../name.ts";
import type { JobHandler } from "../port.ts";
import type { Claim } from "../run_queries.ts";
import type { Runner } from "../runner.ts";
import { forgetJobs, type JobRow, nextMoment, putOff, takeJobs } from "./queries.ts";

export interface AlarmOptions {
  readonly sql: Sql;
  readonly runner: Runner;
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly clock: () => Date;
  readonly pollMs: number;
  readonly quietPollMs: number | undefined;
  readonly metrics: JobMetrics;
  readonly log: Log;
}

/** So many jobs at once in one process; they share its connections. */
const mostAtOnce = 20;
/** After it another process may look at a job that was taken; who runs it is told by its lease. */
const takenMs = 5_000;
const pauseAfterErrorMs = 300;

/** Sleeps until the next job is due, runs it, and looks now and then whether other processes scheduled something earlier. */
export class Alarm {
  readonly #options: AlarmOptions;
  readonly #kinds: readonly string[];
  readonly #wakeUp = new WakeUp();
  readonly #running = new Set<Promise<void>>();

  constructor(options: AlarmOptions) {
    this.#options = options;
    this.#kinds = [...options.handlers.keys()];
  }

  /** Something was scheduled in this process. */
  notify(name: string): void {
    if (this.#options.handlers.has(kindOf(name))) this.#wakeUp.notify();
  }

  /** Until the signal is aborted and what it began has ended. */
  async run(over: AbortSignal): Promise<void> {
    const { log } = this.#options;
    let blind = false;
    while (!over.aborted && this.#kinds.length > 0) {
      try {
        await this.#watch(over, () => {
          blind = false;
        });
      } catch (error) {
        if (!blind && !over.aborted) log.warn("the scheduler cannot see its jobs; trying again", { error });
        blind = true;
        await pause(pauseAfterErrorMs, over);
      }
    }
    await Promise.all(this.#running);
  }

  async #watch(over: AbortSignal, seen: () => void): Promise<void> {
    const { sql, clock, pollMs, quietPollMs } = this.#options;
    const pace = new PollPace(pollMs, quietPollMs);
    let nextAt: number | undefined = 0;
    while (!over.aborted) {
      const free = mostAtOnce - this.#running.size;
      const taken = nextAt !== undefined && nextAt <= clock().getTime() && free > 0 ? await this.#take(free) : 0;
      const expected: number | undefined = nextAt;
      if (taken < free) nextAt = await nextMoment(sql, this.#kinds);
      if (taken === 0 && nextAt !== expected) pace.found(performance.now());
      seen();
      const left = (nextAt ?? Number.POSITIVE_INFINITY) - clock().getTime();
      const full = this.#running.size >= mostAtOnce;
      const pauseMs = pace.pauseMs(performance.now());
      await this.#wakeUp.wait(full ? pollMs : Math.min(pauseMs, left), over);
    }
  }

  async #take(limit: number): Promise<number> {
    const { sql, runner, clock, metrics } = this.#options;
    const now = clock();
    const until = new Date(now.getTime() + takenMs);
    const rows = await takeJobs(sql, this.#kinds, { now, until, limit });
    if (rows.length === 0) return 0;
    const claims = await runner.claim(rows);
    const done: JobRow[] = [];
    for (const row of rows) {
      const claim: Claim = claims.get(row.name) ?? { kind: "later", waitMs: takenMs };
      if (claim.kind === "mine") this.#begin(row, claim.tries);
      else if (claim.kind === "done") done.push(row);
      else await putOff(sql, row, this.#after(claim.waitMs));
    }
    for (const { name } of done) metrics.repeated(kindOf(name));
    await forgetJobs(sql, done);
    return rows.length;
  }

  #begin(row: JobRow, tries: number): void {
    const working = this.#work(row, tries)
      .catch((error: unknown) => this.#options.log.warn("a job that ended was not put away", { job: row.name, error }))
      .finally(() => {
        this.#running.delete(working);
        this.#wakeUp.notify();
      });
    this.#running.add(working);
  }

  async #work(row: JobRow, tries: number): Promise<void> {
    const { sql, runner, handlers, clock, metrics } = this.#options;
    const { name, at, data } = row;
    const kind = kindOf(name);
    const handler = handlers.get(kind);
    if (tries === 0) metrics.late(kind, (clock().getTime() - Date.parse(at)) / 1_000);
    const work = async (over: AbortSignal) => handler?.({ name, at, data }, over);
    const { againMs } = await runner.run({ occasion: { name, at }, kind, tries, work });
    if (againMs === undefined) await forgetJobs(sql, [row]);
    else await putOff(sql, row, this.#after(againMs));
  }

  #after(ms: number): Date {
    return new Date(this.#options.clock().getTime() + Math.ceil(ms));
  }
}
