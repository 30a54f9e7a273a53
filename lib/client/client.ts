import { accountContract, type Route } from "@rondo/contract";
import { createApi } from "./calls.ts";
import { createSend, discard, type Send } from "./send.ts";
import type { Auth, BrowserContext, Client, Credential, SignedIn, Transport } from "./types.ts";

export interface ClientOptions {
  readonly fetch: Transport;
  /**
   * The site's own origin, sent as `Origin` with every call that carries a cookie: the api refuses unsafe cookie calls
   * without it. Give it only where the caller has checked the browser's own `Origin` (as `@rondo/http` does).
   */
  readonly origin?: string;
}

/** The services have no name of their own in-process; a transport over HTTP replaces this by their address. */
const nowhere = "http://rondo.internal";

/** Calls the api and the audit trail: in whose name by `as`, signing in and out by `auth`. */
export function createClient({ fetch, origin }: ClientOptions): Client {
  const base = origin ?? nowhere;
  return {
    as: (credential, { workspace_id, signal } = {}) => {
      const headers = { ...headersOf(credential, origin), "rondo-workspace": workspace_id };
      return createApi(createSend(fetch, base, headers, signal));
    },
    auth: createAuth(createSend(fetch, base, { origin })),
  };
}

function headersOf(credential: Credential, origin: string | undefined): Record<string, string | undefined> {
  if ("bearer" in credential) return { authorization: `Bearer ${credential.bearer}` };
  return { cookie: credential.cookie, origin };
}

function createAuth(send: Send): Auth {
  const { signUp, signIn, signOut } = accountContract;
  const call = async (route: Route, context: BrowserContext, body: object): Promise<SignedIn> => {
    const { cookie, client_address, user_agent } = context;
    const headers = { cookie, "x-forwarded-for": client_address, "user-agent": user_agent };
    const { method, path } = route;
    const response = await send({ method, path, body, headers, signal: context.signal });
    await discard(response);
    return { ok: true, setCookies: response.headers.getSetCookie() };
  };
  return {
    signUp: (input, context) => call(signUp, context, input),
    signIn: (input, context) => call(signIn, context, input),
    signOut: (context) => call(signOut, context, {}),
  };
}
