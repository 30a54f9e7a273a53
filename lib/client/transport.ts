import type { Service } from "@rondo/contract";
import type { Transport } from "./types.ts";
import { isRefused, Unreached } from "./unreached.ts";

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
      throw new Unreached(service, { mayHaveArrived: true, cause });
    }
  };
}

/**
 * Calls the services over HTTP at their base URLs, once: wrap it in `resilient`. One without a URL cannot be reached.
 * @param shown headers that each call carries
 */
export function httpFetch(
  urls: Readonly<Partial<Record<Service, string | undefined>>>,
  shown: Readonly<Record<string, string>> = {},
): Transport {
  return async (service, request) => {
    const base = urls[service];
    if (base === undefined) throw new Unreached(service, { mayHaveArrived: false, cause: "its address is not known" });
    const target = new URL(pathOf(request), base);
    const { method, signal } = request;
    const headers = new Headers(request.headers);
    for (const [name, value] of Object.entries(shown)) headers.set(name, value);
    const body = await bodyOf(request);
    try {
      return await readToEnd(await fetch(target, { method, headers, body, redirect: "manual", signal }));
    } catch (cause) {
      throw new Unreached(service, { mayHaveArrived: !isRefused(cause), cause });
    }
  };
}

/** Path and query: the host of a request to a service means nothing. */
export function pathOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}

/** Bodies are at most 1 MiB, and what is sent again must still be there: so they are held whole, not streamed. */
export async function bodyOf(request: Request): Promise<ArrayBuffer | null> {
  return request.body === null ? null : request.arrayBuffer();
}

/** The loss of the answer's end is then a failure of the call, and the caller's deadline covers it. */
async function readToEnd(answer: Response): Promise<Response> {
  const content = await answer.arrayBuffer();
  const hasBody = answer.status !== 204 && answer.status !== 304;
  return new Response(hasBody ? content : null, { status: answer.status, headers: decoded(answer.headers) });
}

/** The body was decoded by fetch, so the headers that spoke of its encoded form no longer hold. */
function decoded(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) kept.delete(name);
  return kept;
}
