const lookAtAllEveryMs = 1_000;
const riseEveryMs = 5_000;

/**
 * From which id on the relay reads. Rows that were published leave dead entries behind, as long as anybody's old
 * transaction could still see them; reading from the start each time would walk over all of them. So most reads begin a
 * few seconds below the newest id. Ids become visible out of order, for a transaction may take one and commit much
 * later: once a second the relay looks at everything.
 */
export class Floor {
  #floor = 0;
  #next = 0;
  #risenAt = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** Where to read from now. `now` in milliseconds. */
  from(now: number): number {
    if (now - this.#lookedAt < lookAtAllEveryMs) return this.#floor;
    this.#lookedAt = now;
    return 0;
  }

  /** Everything that was read up to this id is published. */
  published(id: number, now: number): void {
    if (now - this.#risenAt >= riseEveryMs) {
      this.#floor = this.#next;
      this.#next = id;
      this.#risenAt = now;
    }
  }

  /** Something that was read is still there: it must be seen again at once. */
  reset(): void {
    this.#floor = 0;
    this.#next = 0;
  }
}
