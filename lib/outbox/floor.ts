const lookAtAllEveryMs = 1_000;
const riseEveryMs = 5_000;

/**
 * From which id on the relay reads. Rows that were published leave dead entries behind, for as long as somebody's old
 * transaction could still see them; reading from the start each time would walk over all of them. So most reads begin a
 * few seconds below the newest id, and in a backlog where the last batch ended. Ids become visible out of order, for a
 * transaction may take one and commit much later: once a second the relay looks at everything.
 */
export class Floor {
  #floor = 0;
  #next = 0;
  #backlog = 0;
  #risenAt = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** Where to read from now. `now` in milliseconds. */
  from(now: number): number {
    if (now - this.#lookedAt < lookAtAllEveryMs) return Math.max(this.#floor, this.#backlog);
    this.#lookedAt = now;
    return 0;
  }

  /** Everything that was read, up to this id, is published; `more` when there was more than fitted. */
  published(id: number, more: boolean, now: number): void {
    this.#backlog = more ? id : 0;
    if (now - this.#risenAt < riseEveryMs) return;
    this.#floor = this.#next;
    this.#next = id;
    this.#risenAt = now;
  }

  /** Something that was read is still there: it must be seen again at once. */
  reset(): void {
    this.#floor = 0;
    this.#next = 0;
    this.#backlog = 0;
  }
}
