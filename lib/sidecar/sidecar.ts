import { readSecrets } from "./secrets.ts";

/** The sidecar cannot be reached, or did not answer in time: whether it did what was asked is unknown. */
export class SidecarAway extends Error {
  override readonly name = "SidecarAway";
}

export interface SidecarOptions {
  /** `http://127.0.0.1:3500` */
  readonly url: string;
  /** `DAPR_API_TOKEN`: what the sidecar wants to be shown, when it wants anything. */
  readonly token?: string | undefined;
}

export interface SidecarRequest extends RequestInit {
  /** Until the last byte of the answer; 5,000. */
  readonly timeoutMs?: number;
}

/** What a program knows of the sidecar (daprd) beside it. */
export interface Sidecar {
  readonly url: string;
  /**
   * Calls the sidecar with the token that it wants. The answer has been read to its end, whatever its status.
   * @throws SidecarAway when there is no answer, or none in time; the reason of `signal` when that was aborted
   */
  request(path: string, init?: SidecarRequest): Promise<Response>;
  /**
   * The entries of one secret of a store, or those of all its secrets together, by their keys.
   * @throws SidecarAway, or an Error that names the store when it does not answer with secrets
   */
  secrets(store: string, secret?: string): Promise<Readonly<Record<string, string>>>;
  /** Resolves when the sidecar's components can be used: publishing, scheduling and calling, but not yet being called. @throws SidecarAway */
  outbound(): Promise<void>;
}

/** Dapr's own name of the header that carries a token, in both directions. */
export const tokenHeader = "dapr-api-token";

const defaultTimeoutMs = 5_000;
const healthTimeoutMs = 1_000;

export function createSidecar({ url, token }: SidecarOptions): Sidecar {
  const base = url.replace(/\/$/, "");

  async function request(path: string, init: SidecarRequest = {}): Promise<Response> {
    const { timeoutMs = defaultTimeoutMs, signal, ...rest } = init;
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set(tokenHeader, token);
    const late = AbortSignal.timeout(timeoutMs);
    const limit = signal ? AbortSignal.any([signal, late]) : late;
    try {
      const answer = await fetch(`${base}${path}`, { ...rest, headers, redirect: "manual", signal: limit });
      return await readToEnd(answer);
    } catch (cause) {
      signal?.throwIfAborted();
      const why = late.aborted ? `did not answer within ${timeoutMs} ms` : "cannot be reached";
      throw new SidecarAway(`the sidecar at ${base} ${why}`, { cause });
    }
  }

  return {
    url: base,
    request,
    secrets: (store, secret) => readSecrets(request, store, secret),
    outbound: async () => {
      const { ok, status } = await request("/v1.0/healthz/outbound", { timeoutMs: healthTimeoutMs });
      if (!ok) throw new SidecarAway(`the sidecar at ${base} is not ready: it answers ${status}`);
    },
  };
}

/** So that the deadline covers the body, and a connection that breaks in its middle is told like any other. */
async function readToEnd(answer: Response): Promise<Response> {
  const content = await answer.arrayBuffer();
  const headers = new Headers(answer.headers);
  // The body was decoded by fetch: the headers that spoke of its encoded form no longer hold.
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) headers.delete(name);
  const hasBody = ![204, 205, 304].includes(answer.status);
  return new Response(hasBody ? content : null, { status: answer.status, headers });
}
