/** So long after something was found there may be more of it. */
const liveForMs = 15_000;
/** When nothing was found for that long, one look takes the place of so many. */
const rarelyFactor = 16;

/**
 * How often a loop looks for what other processes have done, which nobody tells it: often while that finds something, rarely otherwise, for
 * an idle Rondo leaves PostgreSQL alone. What this process does itself wakes the loop at once and counts for nothing here.
 *
 * Moments are in milliseconds, of a clock that only goes forward.
 */
export class PollPace {
  readonly #oftenMs: number;
  #foundAt = Number.NEGATIVE_INFINITY;

  /** @param oftenMs from one look to the next while the others are doing things */
  constructor(oftenMs: number) {
    this.#oftenMs = oftenMs;
  }

  /** A look has found something. */
  found(now: number): void {
    this.#foundAt = now;
  }

  /** From one look to the next. */
  pauseMs(now: number): number {
    return now - this.#foundAt < liveForMs ? this.#oftenMs : this.#oftenMs * rarelyFactor;
  }
}
