import { notFound, Problem } from "@rondo/problem";
import { currentContext, currentTraceparent } from "@rondo/telemetry";
import type { JSONWebKeySet } from "jose";
import { unauthenticated } from "./authenticator.ts";
import { tokenAudience } from "./claims.ts";
import { type Credential, sessionCookieName, workspaceHeader } from "./credential.ts";
import { type Exchange, type RemoteAuthenticator, remoteAuthenticator } from "./remote.ts";
import { createJwtVerifier } from "./verifier.ts";

/** Carries a request to the api: over HTTP, or straight into its app. Its URL is only a path under a host of no meaning. */
export type SendToApi = (request: Request) => Promise<Response>;

/** The authenticator of a process that asks the api who acts. `origin` is the site's own: it names the cookie and the tokens' issuer. */
export function authenticatorThrough(send: SendToApi, origin: string, clock = () => new Date()): RemoteAuthenticator {
  const cookieName = sessionCookieName(origin);
  const verifier = createJwtVerifier({ jwks: jwksThrough(send), issuer: origin, audience: tokenAudience, clock });
  return remoteAuthenticator({ exchange: exchangeThrough(send, cookieName), verifier, cookieName, clock });
}

/** `GET /api/auth/token`. */
export function exchangeThrough(send: SendToApi, cookieName: string): Exchange {
  return async (credential, workspaceId) => {
    const headers = headersOf(credential, cookieName);
    if (workspaceId !== undefined) headers.set(workspaceHeader, workspaceId);
    const answer = await ask(send, new Request("http://rondo.internal/api/auth/token", { headers }));
    if (answer.status === 401) throw unauthenticated();
    if (answer.status === 404) throw notFound();
    const { token } = await readJson<{ token: unknown }>(answer);
    if (typeof token !== "string") throw noAnswer("no token in the answer");
    return token;
  };
}

/** `GET /api/auth/jwks`. */
export function jwksThrough(send: SendToApi): () => Promise<JSONWebKeySet> {
  return async () => readJson(await ask(send, new Request("http://rondo.internal/api/auth/jwks")));
}

function headersOf({ kind, value }: Credential, cookieName: string): Headers {
  return new Headers(kind === "session" ? { cookie: `${cookieName}=${value}` } : { authorization: `Bearer ${value}` });
}

/** In the trace, and under the id, of the request that made it necessary. */
async function ask(send: SendToApi, request: Request): Promise<Response> {
  const { request_id } = currentContext();
  const traceparent = currentTraceparent();
  if (request_id !== undefined) request.headers.set("x-request-id", request_id);
  if (traceparent !== undefined) request.headers.set("traceparent", traceparent);
  try {
    return await send(request);
  } catch (cause) {
    throw noAnswer(cause);
  }
}

async function readJson<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw noAnswer(`status ${answer.status}`);
  try {
    return (await answer.json()) as T;
  } catch (cause) {
    throw noAnswer(cause);
  }
}

function noAnswer(cause: unknown): Problem {
  return new Problem("unavailable", "Who you are cannot be checked at the moment.", { cause, retryAfterSeconds: 1 });
}
