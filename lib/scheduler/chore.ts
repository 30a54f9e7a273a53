import { pause } from "@rondo/coordination";
import { checkPart, everyKind } from "./name.ts";
import { always } from "./run_queries.ts";
import type { Runner } from "./runner.ts";

/** Dapr counts in seconds. */
const shortestMs = 1_000;

/** What became of a turn, and in how many ms another one may be had. */
export interface Turn {
  readonly outcome: "done" | "failed" | "not_mine";
  readonly againMs: number;
}

export interface ChoreOptions {
  readonly name: string;
  readonly everyMs: number;
  readonly work: (over: AbortSignal) => Promise<unknown>;
}

/** Work that comes back, as one process sees it: it may have the next turn, or another process may. */
export class Chore {
  readonly #options: ChoreOptions;
  readonly #runner: Runner;

  /** @throws RangeError */
  constructor(options: ChoreOptions, runner: Runner) {
    checkPart(options.name, "the name of work that comes back");
    if (!Number.isSafeInteger(options.everyMs) || options.everyMs < shortestMs)
      throw new RangeError(`${options.everyMs} ms is no period: ${shortestMs} is the shortest`);
    this.#options = options;
    this.#runner = runner;
  }

  get name(): string {
    return this.#options.name;
  }

  get everyMs(): number {
    return this.#options.everyMs;
  }

  /** Under which the engine knows it. */
  get jobName(): string {
    return `${everyKind}:${this.#options.name}`;
  }

  /**
   * Takes the turn if it is there to be had, and works.
   * @param periodMs from the beginning of this turn until the next may be taken
   * @throws when the database does not answer
   */
  async turn(periodMs: number): Promise<Turn> {
    const claim = await this.#runner.claimTurn(this.jobName, periodMs);
    if (claim.kind !== "mine")
      return { outcome: "not_mine", againMs: claim.kind === "later" ? claim.waitMs : periodMs };
    const { name: kind, work } = this.#options;
    const occasion = { name: this.jobName, at: always };
    const { ok, againMs = periodMs } = await this.#runner.run({ occasion, kind, tries: claim.tries, periodMs, work });
    return { outcome: ok ? "done" : "failed", againMs };
  }
}

/** For timers, which fire at once when they are set beyond 2³¹ ms. */
const longestPauseMs = 3_600_000;
const pauseAfterErrorMs = 1_000;

/** Takes turns until the signal is aborted, asleep in between. */
export async function keepTakingTurns(
  chore: Chore,
  over: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  while (!over.aborted) {
    let againMs = pauseAfterErrorMs;
    try {
      ({ againMs } = await chore.turn(chore.everyMs));
    } catch (error) {
      if (!over.aborted) onError(error);
    }
    await pause(Math.min(againMs, longestPauseMs), over);
  }
}
