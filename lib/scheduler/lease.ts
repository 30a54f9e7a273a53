import { repeatEvery, within } from "@rondo/coordination";
import type { Sql } from "@rondo/db";
import type { Log } from "@rondo/telemetry";
import { extendRuns, type Occasion } from "./run_queries.ts";

/** Another process takes over what its holder has not spoken up for this long … */
const leaseMs = 5_000;
const heartbeatEveryMs = 1_000;
const heartbeatWithinMs = 2_000;
/** … and before that, the holder itself no longer counts on it. */
const giveUpAfterMs = 2_500;

/** What one process holds: everything that it runs, by one name, kept alive by one statement a second. */
export class Lease {
  readonly holder: string = Bun.randomUUIDv7();
  readonly leaseMs: number = leaseMs;
  readonly #sql: Sql;
  readonly #runs = new Map<AbortController, Occasion>();
  #heardAt = performance.now();
  #stopBeating: (() => Promise<void>) | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  start(log: Log): void {
    this.#stopBeating ??= repeatEvery(
      heartbeatEveryMs,
      () => this.#beat(),
      (error) => log.warn("the leases of running jobs could not be extended", { error }),
    );
  }

  async stop(): Promise<void> {
    await this.#stopBeating?.();
  }

  /** While a run is held, its controller is aborted when the lease may be lost. */
  hold(run: AbortController, occasion: Occasion): void {
    this.#runs.set(run, occasion);
  }

  release(run: AbortController): void {
    this.#runs.delete(run);
  }

  abortAll(): void {
    for (const run of this.#runs.keys()) run.abort();
  }

  async #beat(): Promise<void> {
    if (this.#runs.size === 0) {
      this.#heardAt = performance.now();
      return;
    }
    try {
      await within(
        extendRuns(this.#sql, this, [...this.#runs.values()]),
        heartbeatWithinMs,
        "no answer to a heartbeat",
      );
      this.#heardAt = performance.now();
    } catch (error) {
      if (performance.now() - this.#heardAt >= giveUpAfterMs) this.abortAll();
      throw error;
    }
  }
}
