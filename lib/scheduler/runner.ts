import { pause } from "@rondo/coordination";
import type { Sql } from "@rondo/db";
import { continueTrace, type Log } from "@rondo/telemetry";
import { Lease } from "./lease.ts";
import type { JobMetrics } from "./metrics.ts";
import type { Backoff } from "./port.ts";
import { type Claim, claimRuns, claimTurn, type Occasion, settleDone, settleForLater } from "./run_queries.ts";

const settleAgainMs = 500;
const settleTries = 60;

export interface Run {
  readonly occasion: Occasion;
  /** For metrics and logs. */
  readonly kind: string;
  /** Failures before this run. */
  readonly tries: number;
  /** Of the trace in which it is run; a new one without. */
  readonly traceparent?: string | undefined;
  /** For work that comes back: from its beginning until its next turn. */
  readonly periodMs?: number;
  readonly work: (over: AbortSignal) => Promise<unknown>;
}

export interface Ran {
  readonly ok: boolean;
  /** In how many ms it may be claimed again; undefined: never, it is done. */
  readonly againMs: number | undefined;
}

export interface RunnerOptions {
  readonly sql: Sql;
  readonly metrics: JobMetrics;
  readonly backoff: Backoff;
  readonly log: Log;
}

/**
 * Sees to it that of all processes one runs a job, that what is done stays done, and that what failed waits. It holds a lease in
 * PostgreSQL for what it runs, so a process that dies or is cut off loses it, and another may claim it.
 */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #lease: Lease;
  readonly #running = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#lease = new Lease(options.sql);
  }

  start(): void {
    this.#lease.start(this.#options.log);
  }

  /** Begins nothing more, and tells all that runs that it is over. */
  over(): void {
    this.#stopping.abort();
    this.#lease.abortAll();
  }

  /** Waits for what runs. */
  async stop(): Promise<void> {
    this.over();
    await Promise.all(this.#running);
    await this.#lease.stop();
  }

  claim(occasions: readonly Occasion[]): Promise<Map<string, Claim>> {
    return claimRuns(this.#options.sql, this.#lease, occasions);
  }

  claimTurn(name: string, periodMs: number): Promise<Claim> {
    return claimTurn(this.#options.sql, this.#lease, { name, periodMs });
  }

  /** Runs what was claimed, or gives it back when the process is about to stop; never throws. */
  run(run: Run): Promise<Ran> {
    const over = new AbortController();
    this.#lease.hold(over, run.occasion);
    const ran = this.#stopping.signal.aborted ? this.#giveBack(run) : this.#runNow(run, over.signal);
    const running = ran.finally(() => {
      this.#lease.release(over);
      this.#running.delete(running);
    });
    this.#running.add(running);
    return running;
  }

  async #runNow(run: Run, over: AbortSignal): Promise<Ran> {
    const { metrics } = this.#options;
    const { occasion, kind, tries, periodMs } = run;
    const begun = performance.now();
    const ok = await this.#attempt(run, over);
    const tookMs = performance.now() - begun;
    metrics.ran(kind, ok ? "done" : "failed", tookMs / 1_000);
    const againMs = ok ? periodMs && Math.max(1, periodMs - tookMs) : this.#pauseAfter(tries, periodMs);
    await this.#settle(occasion, ok ? 0 : tries + 1, againMs);
    return { ok, againMs };
  }

  async #giveBack({ occasion, tries }: Run): Promise<Ran> {
    await this.#settle(occasion, tries, 0);
    return { ok: false, againMs: 0 };
  }

  /** `againMs` undefined: for good. */
  async #settle(occasion: Occasion, tries: number, againMs: number | undefined): Promise<void> {
    const { sql, log } = this.#options;
    const settle = () =>
      againMs === undefined
        ? settleDone(sql, occasion)
        : settleForLater(sql, this.#lease.holder, { ...occasion, tries, pauseMs: againMs });
    try {
      await this.#insist(settle);
    } catch (error) {
      const { name: job, at } = occasion;
      log.error("how a job ended could not be kept; it may be run again", { job, at, error });
    }
  }

  async #attempt({ occasion, kind, tries, traceparent, work }: Run, over: AbortSignal): Promise<boolean> {
    const attributes = { "rondo.job.name": occasion.name, "rondo.job.tries": tries };
    try {
      await continueTrace(traceparent, `run ${kind}`, () => work(over), { kind: "consumer", attributes });
      return true;
    } catch (error) {
      this.#options.log.warn("a job failed; it will be tried again", {
        job: occasion.name,
        at: occasion.at,
        tries: tries + 1,
        error,
      });
      return false;
    }
  }

  #pauseAfter(tries: number, periodMs = Number.POSITIVE_INFINITY): number {
    const { firstPauseMs, longestPauseMs } = this.#options.backoff;
    return Math.min(longestPauseMs, periodMs, firstPauseMs * 2 ** tries);
  }

  /** What was done must not be done again because of a hiccup of the database. */
  async #insist(settle: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await settle();
        return;
      } catch (error) {
        if (tries >= settleTries || this.#stopping.signal.aborted) throw error;
      }
      await pause(settleAgainMs, this.#stopping.signal);
    }
  }
}
