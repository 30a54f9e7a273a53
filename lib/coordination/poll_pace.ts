/** So long after something was found there may be more of it. */
const liveForMs = 15_000;
/**
 * How often a loop looks for what other processes have done, which nobody tells it. Where all of Rondo is one process there are none, and
 * the loop looks rarely until it has found something: an idle Rondo leaves PostgreSQL alone. What this process does itself wakes the
 * loop at once and counts for nothing here.
 *
 * Moments are in milliseconds, of a clock that only goes forward.
 */
export class PollPace {
  readonly #oftenMs: number;
  readonly #quietMs: number;
  #foundAt = Number.NEGATIVE_INFINITY;

  /**
   * @param oftenMs from one look to the next while the others are doing things
   * @param quietMs from one look to the next when 15 s of looking have found nothing; as often unless told
   */
  constructor(oftenMs: number, quietMs = oftenMs) {
    this.#oftenMs = oftenMs;
    this.#quietMs = quietMs;
  }

  /** A look has found something. */
  found(now: number): void {
    this.#foundAt = now;
  }

  /** From one look to the next. */
  pauseMs(now: number): number {
    return now - this.#foundAt < liveForMs ? this.#oftenMs : this.#quietMs;
  }
}
