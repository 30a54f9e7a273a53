const firstPauseMs = 50;
const longestPauseMs = 2_000;

/** Calls of one kind, one at a time. After one that achieved nothing there is a pause, which doubles with each of these in a row. */
export class Track<Result extends { readonly failed: boolean }> {
  readonly #hasWork: () => boolean;
  readonly #call: () => Promise<Result>;
  #busy = false;
  #pauseMs = firstPauseMs;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(hasWork: () => boolean, call: () => Promise<Result>) {
    this.#hasWork = hasWork;
    this.#call = call;
  }

  /** When its next call is due, in milliseconds; infinite when there is no work, and while one is under way. */
  get dueAt(): number {
    return this.#busy || !this.#hasWork() ? Number.POSITIVE_INFINITY : this.#pausedUntil;
  }

  /** The next call; undefined when none is due. */
  start(now: number): Promise<Result> | undefined {
    if (this.dueAt > now) return undefined;
    this.#busy = true;
    return this.#run(now);
  }

  async #run(now: number): Promise<Result> {
    try {
      const result = await this.#call();
      this.#pausedUntil = result.failed ? now + this.#pauseMs : Number.NEGATIVE_INFINITY;
      this.#pauseMs = result.failed ? Math.min(longestPauseMs, this.#pauseMs * 2) : firstPauseMs;
      return result;
    } finally {
      this.#busy = false;
    }
  }
}
