import type { CloudEvent } from "@rondo/event";

const most = 1_000;

/**
 * Events that were appended by this process a moment ago, so that its relay need not fetch what is in memory already. What the relay
 * has not asked for within two steps is forgotten, and what does not fit is not kept: the outbox has it all.
 */
export class Recent {
  #newer = new Map<string, CloudEvent>();
  #older = new Map<string, CloudEvent>();

  keep(events: readonly CloudEvent[]): void {
    for (const event of events) if (this.#newer.size < most) this.#newer.set(event.id, event);
  }

  /** To be called once a step, when its events have been asked for. */
  age(): void {
    this.#older = this.#newer;
    this.#newer = new Map();
  }

  get(id: string): CloudEvent | undefined {
    return this.#newer.get(id) ?? this.#older.get(id);
  }
}
