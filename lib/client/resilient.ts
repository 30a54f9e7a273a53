import type { Service } from "@rondo/contract";
import { getLog, type Metrics } from "@rondo/telemetry";
import { type BreakerRules, createBreaker } from "./breaker.ts";
import { readRetryAfter } from "./problems.ts";
import { bodyOf } from "./transport.ts";
import type { Transport } from "./types.ts";
import { Unreached } from "./unreached.ts";

export interface ResilientOptions {
  readonly metrics: Metrics;
  /** For each try, until the last byte of the answer; 10,000. */
  readonly timeoutMs?: number;
  /** How often it is sent again at most; 3. */
  readonly retries?: number;
  /** How long a request that certainly has not arrived yet goes on trying, whatever it is; 2,000: a program starts again in less. */
  readonly arriveWithinMs?: number;
  /** The pause before the second try; it doubles twice, and is shortened by up to half at random. 100. */
  readonly firstPauseMs?: number;
  /** 5 failed calls in a row, then 1,000 ms. */
  readonly breaker?: Partial<BreakerRules>;
}

/** The longest `Retry-After` that is waited for here; a longer one is for the caller to decide. */
const longestPauseMs = 1_000;

const defaultRules: BreakerRules = { failures: 5, openMs: 1_000 };

/** Answers of a service that cannot just now, or of something on the way to it. */
const failing = new Set([502, 503, 504]);

/**
 * A transport with patience, and without stubbornness: each try has a deadline, a failed one is repeated where that is safe, and
 * a service that fails again and again is left alone for a moment.
 *
 * Safe to repeat are GET and HEAD, writes with `Idempotency-Key` or `If-Match` (a repeated `If-Match` whose first answer was lost is
 * answered 412 with the state that the first one made). A DELETE alone is not: it takes no key, and its second answer is another one,
 * without the operation that undoes it or even 404. What certainly has not arrived is sent until it does. The caller's signal ends all of it.
 */
export function resilient(transport: Transport, options: ResilientOptions): Transport {
  const { timeoutMs = 10_000, retries = 3, arriveWithinMs = 2_000, firstPauseMs = 100 } = options;
  const guards = createGuards(options);
  return async (service, request) => {
    const { url, method, headers, signal } = request;
    const body = await bodyOf(request);
    const guard = guards(service);
    const attempt = () => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      return transport(service, new Request(url, { method, headers, body, signal: limit }));
    };
    const begun = performance.now();
    const outcome = await guard.call(signal, async () => {
      for (let tried = 1; ; tried++) {
        const last = await guard.attempt(signal, attempt);
        const again = hasNotArrived(last)
          ? performance.now() - begun < arriveWithinMs
          : isFailure(last) && tried <= retries && isSafe(request);
        const pauseMs = again ? pauseBefore(tried, last, firstPauseMs) : undefined;
        if (pauseMs === undefined) return last;
        await pause(pauseMs, signal);
      }
    });
    if (outcome instanceof Unreached) throw outcome;
    return outcome;
  };
}

type Outcome = Response | Unreached;

function isFailure(outcome: Outcome): boolean {
  return outcome instanceof Unreached || failing.has(outcome.status);
}

function hasNotArrived(outcome: Outcome): boolean {
  return outcome instanceof Unreached && !outcome.mayHaveArrived;
}

function isSafe({ method, headers }: Request): boolean {
  return method === "GET" || method === "HEAD" || headers.has("idempotency-key") || headers.has("if-match");
}

/** Milliseconds until another try makes sense; undefined when it does not. */
function pauseBefore(tried: number, outcome: Outcome, firstPauseMs: number): number | undefined {
  const asked = outcome instanceof Response ? (readRetryAfter(outcome) ?? 0) * 1_000 : 0;
  if (asked > longestPauseMs) return undefined;
  return Math.max(asked, firstPauseMs * 2 ** Math.min(tried - 1, 2) * (0.5 + Math.random() / 2));
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

/** What stands between the calls of a service and the service. */
interface Guard {
  /** One try: whether it is reached is a value, the caller's going away and all else is thrown. */
  attempt(signal: AbortSignal, send: () => Promise<Response>): Promise<Outcome>;
  /** All tries of one call: at once an `Unreached` while the service is left alone. */
  call(signal: AbortSignal, tries: () => Promise<Outcome>): Promise<Outcome>;
}

/**
 * One breaker for each service, which counts calls with all their tries: when one of several replicas is away, the next try reaches
 * another one, and that is no reason to leave all of them alone.
 */
function createGuards({ metrics, breaker: rules = {} }: ResilientOptions): (service: Service) => Guard {
  const log = getLog("client");
  const tries = metrics.counter("rondo_client_tries_total", "Calls of other services: each try.", ["service", "end"]);
  const left = metrics.gauge("rondo_client_left_alone", "1 while a failing service is left alone.", ["service"]);
  const guards = new Map<Service, Guard>();

  const make = (service: Service): Guard => {
    left.set({ service }, 0);
    const changed = (open: boolean) => {
      left.set({ service }, open ? 1 : 0);
      if (open) log.warn("a service fails and is left alone", { called: service });
      else log.info("a service answers again", { called: service });
    };
    const breaker = createBreaker({ ...defaultRules, ...rules }, () => performance.now(), changed);
    return {
      async attempt(signal, send) {
        const outcome = await send().catch((error: unknown) => {
          if (signal.aborted) throw signal.reason;
          if (error instanceof Unreached) return error;
          throw error;
        });
        tries.inc({ service, end: isFailure(outcome) ? "failed" : "answered" });
        return outcome;
      },
      async call(signal, all) {
        const end = breaker.enter();
        if (end === undefined) {
          tries.inc({ service, end: "left_alone" });
          return new Unreached(service, { mayHaveArrived: false, retryAfterSeconds: 1, cause: "it is left alone" });
        }
        try {
          const outcome = await all();
          end(isFailure(outcome) ? "failed" : "answered");
          return outcome;
        } catch (error) {
          end(signal.aborted ? "abandoned" : "answered");
          throw error;
        }
      },
    };
  };
  return (service) => {
    const guard = guards.get(service) ?? make(service);
    guards.set(service, guard);
    return guard;
  };
}
