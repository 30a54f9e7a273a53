/** Milliseconds that one bucket spans, and how many there are: one minute. */
const stepMs = 0.1;
const buckets = 600_000;

/** Counts durations instead of keeping them: a million cost what one costs. */
export class Latency {
  readonly #counts = new Uint32Array(buckets);
  #count = 0;
  #longestMs = 0;

  add(ms: number): void {
    const bucket = Math.min(buckets - 1, Math.max(0, Math.floor(ms / stepMs)));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    this.#longestMs = Math.max(this.#longestMs, ms);
  }

  get count(): number {
    return this.#count;
  }

  get longestMs(): number {
    return this.#longestMs;
  }

  /** The duration that the given share (0–1) did not exceed, in ms to 0.1; `NaN` when there are none. */
  quantile(share: number): number {
    let left = share * this.#count;
    for (let bucket = 0; bucket < buckets && this.#count > 0; bucket++) {
      left -= this.#counts[bucket] ?? 0;
      if (left <= 0) return Math.round((bucket + 1) * stepMs * 10) / 10;
    }
    return Number.NaN;
  }
}
