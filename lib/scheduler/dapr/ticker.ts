import { pause } from "@rondo/coordination";
import type { Sidecar } from "@rondo/sidecar";
import type { Log } from "@rondo/telemetry";
import type { Chore } from "../chore.ts";
import { putRepeating } from "./jobs_api.ts";

const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** For the case that Dapr's scheduler has lost what it knew. */
const assureEveryMs = 600_000;

export interface TickerOptions {
  readonly sidecar: Sidecar;
  readonly chore: Chore;
  readonly clock: () => Date;
  readonly log: Log;
}

/** One chore whose turns Dapr calls. Each process asks for the calls; they are for all of them together. */
export class Ticker {
  readonly #options: TickerOptions;
  #turns: Promise<void> | undefined;

  constructor(options: TickerOptions) {
    this.#options = options;
  }

  /** Asks for the calls until that has succeeded, and now and then sees to it that they are still there. */
  async keepAsking(over: AbortSignal): Promise<void> {
    const { sidecar, chore, clock, log } = this.#options;
    let anew = true;
    let pauseMs = firstPauseMs;
    while (!over.aborted) {
      try {
        await putRepeating(sidecar, chore.jobName, { everyMs: chore.everyMs, now: clock(), anew });
        anew = false;
        pauseMs = firstPauseMs;
        await pause(assureEveryMs, over);
      } catch (error) {
        if (pauseMs === longestPauseMs)
          log.warn("work that comes back could not be scheduled; trying again", { error });
        await pause(pauseMs, over);
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
    }
  }

  /** A call: take the turn if it is there to be had. Returns at once, for work may take longer than a call may. */
  tick(over: AbortSignal): void {
    this.#turns ??= this.#takeTurns(over).finally(() => {
      this.#turns = undefined;
    });
  }

  /** Waits for a turn under way. */
  async settled(): Promise<void> {
    await this.#turns;
  }

  /**
   * One turn, again after a failure. Calls come when they come: a turn may be had after half a period, so that each call finds one,
   * and those of several processes that ask at the same time find one together.
   */
  async #takeTurns(over: AbortSignal): Promise<void> {
    const { chore, log } = this.#options;
    let failed = true;
    while (failed && !over.aborted) {
      try {
        const turn = await chore.turn(chore.everyMs / 2);
        failed = turn.outcome === "failed";
        if (failed) await pause(turn.againMs, over);
      } catch (error) {
        log.warn("work that comes back has to wait for the database", { error });
        return;
      }
    }
  }
}
