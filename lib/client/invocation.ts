import type { Service } from "@rondo/contract";
import { notFound, Problem } from "@rondo/problem";
import type { Sidecar } from "@rondo/sidecar";
import { getLog } from "@rondo/telemetry";
import { bodyOf, pathOf } from "./transport.ts";
import type { Transport } from "./types.ts";
import { isRefused, Unreached } from "./unreached.ts";

export interface InvocationFetchOptions {
  readonly sidecar: Pick<Sidecar, "request">;
  /** What the services are called in the cluster; their own names unless told. */
  readonly appIds?: Partial<Readonly<Record<Service, string>>>;
}

/** The bound on a call that has no deadline of its own. */
const longestMs = 30_000;

/** Calls the services by their app-ids through the sidecar (Dapr's service invocation), once: wrap it in `resilient`. */
export function invocationFetch({ sidecar, appIds = {} }: InvocationFetchOptions): Transport {
  const log = getLog("client");
  return async (service, request) => {
    const path = pathOf(request);
    if (!isPlain(path)) throw notFound();
    const { method, headers, signal } = request;
    const body = await bodyOf(request);
    const target = `/v1.0/invoke/${appIds[service] ?? service}/method${path}`;
    let answer: Response;
    try {
      answer = await sidecar.request(target, { method, headers, body, signal, timeoutMs: longestMs });
    } catch (cause) {
      const refused = cause instanceof Error && isRefused(cause.cause);
      throw new Unreached(service, { mayHaveArrived: !refused, cause });
    }
    const failure = await failureOf(answer);
    if (failure === undefined) return answer;
    if (failure.status === 401 || failure.status === 403) {
      log.error("the sidecar refuses a call", { called: service, path: new URL(request.url).pathname, ...failure });
      throw new Problem("internal", "Something went wrong on our side.", { cause: failure });
    }
    throw new Unreached(service, { mayHaveArrived: !neverArrived.test(failure.message), cause: failure });
  };
}

/**
 * The sidecar decodes and cleans a path before it goes on, so `..%2F` would lead to another route and `%3F` to an error. Our own
 * paths have no such characters: one that has is an invented id, which names nothing.
 */
function isPlain(path: string): boolean {
  return !path.replace(/\?.*$/s, "").includes("%");
}

interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What the sidecar itself answers, in its own form. Our services put their request's id on every answer. */
async function failureOf(answer: Response): Promise<Failure | undefined> {
  if (answer.ok || answer.headers.has("x-request-id")) return undefined;
  const said = await answer.clone().text();
  const { errorCode, message } = objectOf(said);
  if (typeof errorCode === "string") return { status: answer.status, code: errorCode, message: String(message) };
  return answer.status === 401 ? { status: 401, code: "unauthorized", message: said.slice(0, 200) } : undefined;
}

/** What the sidecars say when they did not hand the call to the other program. Anything else may have been carried out. */
const neverArrived = /connection refused|not in a healthy state|no host found|failed to resolve|couldn't find service/i;

function objectOf(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
