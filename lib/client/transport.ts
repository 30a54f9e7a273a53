import { Problem } from "@rondo/problem";
import { readRetryAfter } from "./problems.ts";
import type { Service, Transport } from "./types.ts";

/** Anything with a web-standard `fetch`: a Hono app, for one. */
export interface App {
  fetch(request: Request): Response | Promise<Response>;
}

/** Calls the services in this process, as `standalone` does: no socket, no retry, the same answers. */
export function inProcessFetch(apps: Readonly<Record<Service, App>>): Transport {
  return async (service, request) => {
    try {
      return await apps[service].fetch(request);
    } catch (cause) {
      throw new Problem("unavailable", unreachable(service), { cause });
    }
  };
}

export interface HttpFetchOptions {
  /** For each try, until the last byte of the answer. */
  readonly timeoutMs?: number;
  /** How often a safe request is sent in all. */
  readonly tries?: number;
  /** The pause before the second try; it doubles, and is shortened by up to half at random. */
  readonly firstPauseMs?: number;
}

/** The longest `Retry-After` that is waited for here; a longer one is for the caller to decide. */
const longestPauseMs = 1_000;

/**
 * Calls the services over HTTP at their base URLs. Sent again on a network failure or a 503 is only what cannot happen twice:
 * GET and HEAD, and writes with `Idempotency-Key` or `If-Match`. (A repeated `If-Match` whose first answer was lost is
 * answered 412 with the state that the first one made.)
 */
export function httpFetch(urls: Readonly<Record<Service, string>>, options: HttpFetchOptions = {}): Transport {
  const { timeoutMs = 10_000, tries = 3, firstPauseMs = 50 } = options;
  return async (service, request) => {
    const { pathname, search } = new URL(request.url);
    const target = new URL(pathname + search, urls[service]);
    const body = request.body === null ? null : await request.arrayBuffer();
    const last = isSafe(request) ? tries : 1;
    for (let attempt = 1; ; attempt++) {
      const outcome = await tryOnce(target, request, body, timeoutMs);
      const pauseMs = pauseBefore(attempt, outcome, firstPauseMs);
      if (attempt < last && pauseMs !== undefined) await Bun.sleep(pauseMs);
      else if (outcome instanceof Response) return outcome;
      else throw new Problem("unavailable", unreachable(service), { cause: outcome.cause });
    }
  };
}

/** Reads the body too, so that its loss is a failure of this try and the timeout covers it. */
async function tryOnce(
  target: URL,
  { method, headers, signal }: Request,
  body: ArrayBuffer | null,
  timeoutMs: number,
): Promise<Response | { readonly cause: unknown }> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const answer = await fetch(target, { method, headers, body, redirect: "manual", signal: limit });
    const content = await answer.arrayBuffer();
    const hasBody = answer.status !== 204 && answer.status !== 304;
    return new Response(hasBody ? content : null, { status: answer.status, headers: decoded(answer.headers) });
  } catch (cause) {
    return { cause };
  }
}

function isSafe({ method, headers }: Request): boolean {
  return method === "GET" || method === "HEAD" || headers.has("idempotency-key") || headers.has("if-match");
}

/** Milliseconds until another try makes sense; undefined when it does not. */
function pauseBefore(attempt: number, outcome: Response | object, firstPauseMs: number): number | undefined {
  if (outcome instanceof Response && outcome.status !== 503) return undefined;
  const asked = outcome instanceof Response ? (readRetryAfter(outcome) ?? 0) * 1_000 : 0;
  if (asked > longestPauseMs) return undefined;
  return Math.max(asked, firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
}

/** The body was decoded by fetch, so the headers that spoke of its encoded form no longer hold. */
function decoded(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) kept.delete(name);
  return kept;
}

function unreachable(service: Service): string {
  return `The ${service} service cannot be reached at the moment.`;
}
