import type { Database } from "@rondo/db";
import {
  type Authenticator,
  type Credential,
  can,
  createBoundedCache,
  credentialOf,
  type JwtVerifier,
  longestCacheMs,
  namedWorkspace,
  type Principal,
  scopes,
  unauthenticated,
} from "@rondo/identity";
import { notFound } from "@rondo/problem";
import { hashApiToken } from "./api_token.ts";
import { type Caller, findSessionCaller, findTokenCaller } from "./queries.ts";
import type { SessionCookie } from "./session_cookie.ts";

/** A caller, and the session or API token by which it came (undefined for a JWT). */
export interface Identity {
  readonly principal: Principal;
  readonly session_id?: string;
  readonly api_token_id?: string;
}

export interface ApiAuthenticator {
  readonly authenticate: Authenticator;
  identify(request: Request): Promise<Identity>;
  /** Call after a revocation: whatever is remembered of matching callers is forgotten at once in this process. */
  evict(matches: (identity: Identity) => boolean): void;
}

export interface AuthenticatorDeps {
  readonly db: Database;
  readonly clock: () => Date;
  readonly verifier: JwtVerifier;
  readonly cookie: SessionCookie;
  /** Notes a token's use; never waited for. */
  readonly touchToken: (id: string) => void;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The api's own authenticator: a JWT costs no query; a session cookie or an API token one indexed query, then none for up to
 * 10 s. Refusals are not remembered.
 */
export function createAuthenticator({ db, clock, verifier, cookie, touchToken }: AuthenticatorDeps): ApiAuthenticator {
  const now = () => clock().getTime();
  const remembered = createBoundedCache<Identity>({ capacity: 10_000, ttlMs: longestCacheMs, now });
  let evictions = 0;

  const lookUp = async ({ kind, value }: Credential, workspace: string | undefined) => {
    // A workspace that cannot exist is looked for no further; the caller still has to be who it says.
    const workspaceId = workspace !== undefined && uuid.test(workspace) ? workspace : null;
    if (kind === "session") {
      const token = cookie.read(value);
      return asSession(token === undefined ? undefined : await findSessionCaller(db.sql, token, workspaceId));
    }
    const found = await findTokenCaller(db.sql, hashApiToken(value), workspaceId);
    if (found?.use_is_stale) touchToken(found.credential_id);
    return asToken(found);
  };

  const identify = async (request: Request): Promise<Identity> => {
    const credential = credentialOf(request, cookie.name);
    if (!credential) throw unauthenticated();
    const workspace = namedWorkspace(request);
    if (credential.kind === "jwt") {
      const principal = await verifier.verify(credential.value);
      // A JWT speaks for exactly one workspace.
      if (workspace !== undefined && workspace !== principal.workspace_id) throw notFound();
      return { principal };
    }
    const key = `${credential.value}\n${workspace ?? ""}`;
    const known = remembered.get(key);
    if (known) return known;
    const evictionsBefore = evictions;
    const { identity, expires_at } = await lookUp(credential, workspace);
    if (workspace !== undefined && workspace !== identity?.principal.workspace_id) throw notFound();
    if (!identity) throw unauthenticated();
    // Something was revoked while we looked: perhaps this. It may pass now, for it was true when asked, but is not kept.
    if (evictions === evictionsBefore) remembered.set(key, identity, expires_at);
    return identity;
  };

  return {
    identify,
    authenticate: async (request) => (await identify(request)).principal,
    evict(matches) {
      evictions++;
      remembered.deleteWhere(matches);
    },
  };
}

interface Found {
  /** Undefined when the caller is who it says but belongs to no such workspace. */
  readonly identity: Identity | undefined;
  readonly expires_at: number;
}

function asSession(caller: Caller | undefined): Found {
  if (!caller) throw unauthenticated();
  const session_id = caller.credential_id;
  const principal = principalOf(caller, { actor_id: caller.user_id, actor_type: "user", scopes });
  return { identity: principal && { principal, session_id }, expires_at: expiryOf(caller) };
}

function asToken(caller: (Caller & Pick<Principal, "scopes">) | undefined): Found {
  if (!caller) throw unauthenticated();
  const api_token_id = caller.credential_id;
  const principal = principalOf(caller, { actor_id: api_token_id, actor_type: "token", scopes: caller.scopes });
  return { identity: principal && { principal, api_token_id }, expires_at: expiryOf(caller) };
}

/** Scopes are narrowed to what the role grants here, so that they mean the same wherever they are read. */
function principalOf(
  { user_id, workspace_id, role }: Caller,
  actor: Pick<Principal, "actor_id" | "actor_type" | "scopes">,
): Principal | undefined {
  if (workspace_id === null || role === null) return undefined;
  const principal = { ...actor, user_id, workspace_id, role };
  return Object.freeze({ ...principal, scopes: actor.scopes.filter((scope) => can(principal, scope)) });
}

function expiryOf({ expires_at }: Caller): number {
  return expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(expires_at);
}
