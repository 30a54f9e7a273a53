import type { Message } from "./send.ts";

/** So long after it took everything of a call the engine is expected to take the next. */
const clearForMs = 10_000;

/**
 * Whether the engine has just taken what it was given. Within one call daprd sends several requests at once, and one that comes to a
 * broker which has just started, or leads no partition yet, fails while the next one succeeds: then a later event lies before an
 * earlier one of its key. So while nothing is known, one event of each key goes ahead alone.
 */
export class WarmUpGate {
  /** By lane, for each has brokers of its own. */
  readonly #clearUntil = new Map<string, number>();

  isClear(lanes: ReadonlySet<string>): boolean {
    const now = performance.now();
    return [...lanes].every((lane) => now < (this.#clearUntil.get(lane) ?? Number.NEGATIVE_INFINITY));
  }

  /** What became of a call. */
  note(lanes: ReadonlySet<string>, acknowledged: boolean): void {
    for (const lane of lanes) {
      if (acknowledged) this.#clearUntil.set(lane, performance.now() + clearForMs);
      else this.#clearUntil.delete(lane);
    }
  }
}

/** The first of each key, and what is behind them. */
export function splitFirst<M extends Message>(messages: readonly M[]): { first: M[]; behind: M[] } {
  const keys = new Set<string | undefined>();
  const [first, behind]: [M[], M[]] = [[], []];
  for (const message of messages) {
    (keys.has(message.key) ? behind : first).push(message);
    keys.add(message.key);
  }
  return { first, behind };
}
