import { createApi } from "./api.ts";
import { createSend, discard, type Send } from "./call.ts";
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
  const post = async (path: string, body: object, context: BrowserContext, cookie?: string): Promise<SignedIn> => {
    const headers = { cookie, "x-forwarded-for": context.client_address, "user-agent": context.user_agent };
    const { signal } = context;
    const response = await send({ method: "POST", path: `/api/auth/${path}`, body, headers, signal });
    await discard(response);
    return { ok: true, setCookies: response.headers.getSetCookie() };
  };
  return {
    signUp: (input, context) => post("sign-up/email", input, context),
    signIn: (input, context) => post("sign-in/email", input, context),
    signOut: (cookie, context) => post("sign-out", {}, context, cookie),
  };
}
