/** A pause between batches that is shorter than this is no idleness. */
const idleAfterMs = 250;

/** Whether batches of the log are being consumed just now: then parked events are tried slowly, for the sake of the others. */
export class BatchLoad {
  #running = 0;
  #endedAt = Number.NEGATIVE_INFINITY;

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#endedAt = performance.now();
    }
  }

  isBusy(): boolean {
    return this.#running > 0 || performance.now() - this.#endedAt < idleAfterMs;
  }
}
