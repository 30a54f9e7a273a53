export interface BreakerRules {
  /** So many failures in a row open it. */
  readonly failures: number;
  /** Then nobody asks for this long; after it one call tries whether the service is back. */
  readonly openMs: number;
}

/** A circuit breaker: a service that fails again and again is left alone for a while, so that its callers do not wait in vain. */
export interface Breaker {
  /** Whether the next call may go out; who gets true tells how it ended by `record`. */
  enter(): boolean;
  /** `abandoned`: the caller went away, which says nothing of the service. */
  record(end: "answered" | "failed" | "abandoned"): void;
}

/** `now` in ms on any steady clock; `changed` hears of each opening and closing. */
export function createBreaker(rules: BreakerRules, now: () => number, changed: (open: boolean) => void): Breaker {
  let failed = 0;
  let openUntil: number | undefined;
  let probing = false;
  return {
    enter() {
      if (openUntil === undefined) return true;
      if (probing || now() < openUntil) return false;
      probing = true;
      return true;
    },
    record(end) {
      const wasProbe = probing;
      probing = false;
      if (end === "abandoned") return;
      if (end === "answered") {
        failed = 0;
        if (openUntil !== undefined) changed(false);
        openUntil = undefined;
        return;
      }
      failed += 1;
      if (openUntil === undefined && failed >= rules.failures) {
        openUntil = now() + rules.openMs;
        changed(true);
      } else if (wasProbe) openUntil = now() + rules.openMs;
    },
  };
}
