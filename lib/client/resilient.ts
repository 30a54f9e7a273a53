import { getLog, type Metrics } from "@rondo/telemetry";
import { type Breaker, type BreakerRules, createBreaker } from "./breaker.ts";
import { readRetryAfter } from "./problems.ts";
import { bodyOf } from "./transport.ts";
import type { Service, Transport } from "./types.ts";
import { Unreached } from "./unreached.ts";

export interface ResilientOptions {
  readonly metrics: Metrics;
  /** For each try, until the last byte of the answer; 10,000. */
  readonly timeoutMs?: number;
  /** How often it is sent again at most; 3. */
  readonly retries?: number;
  /** The pause before the second try; it doubles, and is shortened by up to half at random. 100. */
  readonly firstPauseMs?: number;
  /** 5 failures in a row, then 1,000 ms. */
  readonly breaker?: Partial<BreakerRules>;
}

/** The longest `Retry-After` that is waited for here; a longer one is for the caller to decide. */
const longestPauseMs = 1_000;

/** Answers of a service that cannot just now, or of something on the way to it. */
const failing = new Set([502, 503, 504]);

/**
 * A transport with patience, and without stubbornness: each try has a deadline, a failed one is repeated where that is safe, and
 * a service that fails again and again is left alone for a moment.
 *
 * Safe to repeat are GET and HEAD, writes with `Idempotency-Key` or `If-Match` (a repeated `If-Match` whose first answer was lost is
 * answered 412 with the state that the first one made), and everything that certainly never arrived. A DELETE alone is not: it takes
 * no key, and its second answer is another one, without the operation that undoes it or even 404. The caller's signal ends all of it.
 */
export function resilient(transport: Transport, options: ResilientOptions): Transport {
  const { timeoutMs = 10_000, retries = 3, firstPauseMs = 100 } = options;
  const breakers = createBreakers(options);
  return async (service, request) => {
    const { url, method, headers, signal } = request;
    const body = await bodyOf(request);
    const breaker = breakers(service);
    const attempt = () => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      return transport(service, new Request(url, { method, headers, body, signal: limit }));
    };
    for (let tried = 1; ; tried++) {
      if (!breaker.enter()) throw leftAlone(service);
      const outcome = await settle(attempt, breaker, signal);
      if (outcome instanceof Response && !failing.has(outcome.status)) return outcome;
      const pauseMs = isSafe(request, outcome) ? pauseBefore(tried, outcome, firstPauseMs) : undefined;
      if (tried <= retries && pauseMs !== undefined) await pause(pauseMs, signal);
      else if (outcome instanceof Response) return outcome;
      else throw outcome;
    }
  };
}

/** @throws the reason of the caller who went away, and what is no question of reaching the service */
async function settle(attempt: () => Promise<Response>, breaker: Breaker, signal: AbortSignal) {
  try {
    const answer = await attempt();
    breaker.record(failing.has(answer.status) ? "failed" : "answered");
    return answer;
  } catch (error) {
    const abandoned = signal.aborted;
    breaker.record(abandoned ? "abandoned" : error instanceof Unreached ? "failed" : "answered");
    if (abandoned) throw signal.reason;
    if (error instanceof Unreached) return error;
    throw error;
  }
}

function leftAlone(service: Service): Unreached {
  return new Unreached(service, { mayHaveArrived: false, retryAfterSeconds: 1, cause: "left alone after failures" });
}

function isSafe({ method, headers }: Request, outcome: Response | Unreached): boolean {
  if (outcome instanceof Unreached && !outcome.mayHaveArrived) return true;
  return method === "GET" || method === "HEAD" || headers.has("idempotency-key") || headers.has("if-match");
}

/** Milliseconds until another try makes sense; undefined when it does not. */
function pauseBefore(tried: number, outcome: Response | Unreached, firstPauseMs: number): number | undefined {
  const asked = outcome instanceof Response ? (readRetryAfter(outcome) ?? 0) * 1_000 : 0;
  if (asked > longestPauseMs) return undefined;
  return Math.max(asked, firstPauseMs * 2 ** (tried - 1) * (0.5 + Math.random() / 2));
}

/** @throws the signal's reason as soon as it is aborted */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", give);
      resolve();
    }, ms);
    signal.addEventListener("abort", give, { once: true });
    if (signal.aborted) give();
  });
}

/** One breaker for each service; their states and ends are metrics, their changes lines in the log. */
function createBreakers({ metrics, breaker = {} }: ResilientOptions): (service: Service) => Breaker {
  const rules: BreakerRules = { failures: 5, openMs: 1_000, ...breaker };
  const log = getLog("client");
  const tries = metrics.counter("rondo_client_tries_total", "Calls of other services: each try.", ["service", "end"]);
  const left = metrics.gauge("rondo_client_left_alone", "1 while a failing service is left alone.", ["service"]);
  const breakers = new Map<Service, Breaker>();

  const make = (service: Service): Breaker => {
    left.set({ service }, 0);
    const changed = (open: boolean) => {
      left.set({ service }, open ? 1 : 0);
      if (open) log.warn("a service fails and is left alone", { called: service, ...rules });
      else log.info("a service answers again", { called: service });
    };
    const inner = createBreaker(rules, () => performance.now(), changed);
    return {
      enter() {
        const may = inner.enter();
        if (!may) tries.inc({ service, end: "left_alone" });
        return may;
      },
      record(end) {
        tries.inc({ service, end });
        inner.record(end);
      },
    };
  };
  return (service) => {
    const known = breakers.get(service) ?? make(service);
    breakers.set(service, known);
    return known;
  };
}
