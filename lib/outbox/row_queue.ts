/** How much is taken from a queue at once. */
export interface Portion {
  readonly rows: number;
  /** At least one row is taken, however large it is. */
  readonly bytes: number;
}

/** Rows that wait, oldest first, by id and size, in sixteen bytes each: a topic may be away while a million of them come. */
export class RowQueue {
  #ids: number[] = [];
  #sizes: number[] = [];
  #head = 0;

  get size(): number {
    return this.#ids.length - this.#head;
  }

  push(id: number, bytes: number): void {
    this.#ids.push(id);
    this.#sizes.push(bytes);
  }

  /** The oldest ones; they stay. */
  peek(portion: Portion): { readonly ids: readonly number[]; readonly bytes: number } {
    let end = this.#head;
    let bytes = 0;
    while (end < this.#ids.length && end - this.#head < portion.rows) {
      const size = this.#sizes[end] ?? 0;
      if (bytes + size > portion.bytes && end > this.#head) break;
      bytes += size;
      end += 1;
    }
    return { ids: this.#ids.slice(this.#head, end), bytes };
  }

  /** Lets the `count` oldest ones go, except those that `stays`: these keep their order and their place before the others. */
  drop(count: number, stays: (id: number) => boolean = () => false): void {
    const end = this.#head + count;
    let to = end;
    for (let from = end - 1; from >= this.#head; from -= 1) {
      const id = this.#ids[from] ?? 0;
      if (!stays(id)) continue;
      to -= 1;
      this.#ids[to] = id;
      this.#sizes[to] = this.#sizes[from] ?? 0;
    }
    this.#head = to;
    if (this.#head > 1_000 && this.#head * 2 > this.#ids.length) this.#compact();
  }

  #compact(): void {
    this.#ids = this.#ids.slice(this.#head);
    this.#sizes = this.#sizes.slice(this.#head);
    this.#head = 0;
  }
}
