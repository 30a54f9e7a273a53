export interface BreakerRules {
  /** So many failures in a row open it. */
  readonly failures: number;
  /** Then nobody asks for this long; after it one call tries whether the service is back. */
  readonly openMs: number;
}

/** `abandoned`: the caller went away, which says nothing of the service. */
export type CallEnd = "answered" | "failed" | "abandoned";

/** A circuit breaker: a service that fails again and again is left alone for a while, so that its callers do not wait in vain. */
export interface Breaker {
  /** Whether the next call may go out: then how to tell how it ended. `undefined`: the service is left alone. */
  enter(): ((end: CallEnd) => void) | undefined;
}

/** `now` in ms on any steady clock; `changed` hears of each opening and closing. */
export function createBreaker(rules: BreakerRules, now: () => number, changed: (open: boolean) => void): Breaker {
  let failed = 0;
  let openUntil: number | undefined;
  let probing = false;

  function open(): void {
    openUntil = now() + rules.openMs;
    changed(true);
  }

  function endCall(end: CallEnd): void {
    // It went out before the breaker opened: what it says is older than the failures, and the probe alone decides.
    if (end === "abandoned" || openUntil !== undefined) return;
    failed = end === "answered" ? 0 : failed + 1;
    if (failed >= rules.failures) open();
  }

  function endProbe(end: CallEnd): void {
    probing = false;
    if (end === "abandoned") return;
    if (end === "failed") {
      openUntil = now() + rules.openMs;
      return;
    }
    failed = 0;
    openUntil = undefined;
    changed(false);
  }

  return {
    enter() {
      if (openUntil === undefined) return endCall;
      if (probing || now() < openUntil) return undefined;
      probing = true;
      return endProbe;
    },
  };
}
