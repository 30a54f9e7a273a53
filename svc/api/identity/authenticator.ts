import type { Database } from "@rondo/db";
import {
  type Authenticator,
  type BoundPrincipal,
  type Credential,
  createBoundedCache,
  credentialOf,
  type JwtVerifier,
  longestCacheMs,
  namedWorkspace,
  type Principal,
  scopes,
  scopesOfRole,
  unauthenticated,
} from "@rondo/identity";
import { notFound } from "@rondo/problem";
import { hashApiToken } from "./api_token.ts";
import { type Caller, findCallerOfCredential, findSessionCaller, findTokenCaller } from "./queries.ts";
import type { SessionCookie } from "./session_cookie.ts";

/** A caller, and the session or API token behind it, which a JWT only stands for. */
export interface Identity extends BoundPrincipal {
  readonly kind: "session" | "api_token";
  readonly presented: Credential["kind"];
  /** Of the session or API token, epoch milliseconds; infinite when it stays. */
  readonly expiresAtMs: number;
}

export interface ApiAuthenticator {
  readonly authenticate: Authenticator;
  identify(request: Request): Promise<Identity>;
  /** The same, asking the database instead of what is remembered. */
  recheck(request: Request): Promise<Identity>;
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

/** The api's own authenticator: a credential, a JWT too, costs one indexed query, then none for up to 10 s. Refusals are not remembered. */
export function createAuthenticator({ db, clock, verifier, cookie, touchToken }: AuthenticatorDeps): ApiAuthenticator {
  const now = () => clock().getTime();
  const remembered = createBoundedCache<Identity>({ capacity: 10_000, ttlMs: longestCacheMs, now });
  let evictions = 0;

  const lookUp = async ({ kind, value }: Credential, workspace: string | undefined): Promise<Found> => {
    if (kind === "jwt") return lookUpJwt(value);
    if (kind === "session") {
      const token = cookie.read(value);
      const caller = token === undefined ? undefined : await findSessionCaller(db.sql, token, workspace ?? null);
      if (!caller) throw unauthenticated();
      return found(caller, "session", kind, { actor_id: caller.user_id, actor_type: "user", scopes });
    }
    const caller = await findTokenCaller(db.sql, hashApiToken(value));
    if (!caller) throw unauthenticated();
    if (caller.use_is_stale) touchToken(caller.credential_id);
    return found(caller, "api_token", kind, { ...caller, actor_id: caller.credential_id, actor_type: "token" });
  };

  /** A JWT says what its credential could do when it was made; what that can do now is in the database. */
  const lookUpJwt = async (token: string): Promise<Found> => {
    const { principal, credential_id } = await verifier.verify(token);
    const caller = await findCallerOfCredential(db.sql, credential_id, principal.workspace_id);
    if (caller?.user_id !== principal.user_id) throw unauthenticated();
    return found(caller, caller.kind, "jwt", principal);
  };

  const recheck = async (request: Request): Promise<Identity> => {
    const [credential, workspace] = read(request);
    const [evictionsBefore, askedAtMs] = [evictions, now()];
    const { identity, expiresAtMs } = await lookUp(credential, workspace);
    if (workspace !== undefined && workspace !== identity?.principal.workspace_id) throw notFound();
    if (!identity) throw unauthenticated();
    // Something was revoked while we looked: perhaps this. It may pass now, for it was true when asked, but is not kept.
    if (evictions === evictionsBefore) {
      remembered.set(keyOf(credential, workspace), identity, Math.min(expiresAtMs, askedAtMs + longestCacheMs));
    }
    return identity;
  };

  const read = (request: Request): [Credential, string | undefined] => {
    const credential = credentialOf(request, cookie.name);
    if (!credential) throw unauthenticated();
    return [credential, namedWorkspace(request)];
  };

  const identify = async (request: Request): Promise<Identity> =>
    remembered.get(keyOf(...read(request))) ?? recheck(request);

  return {
    identify,
    recheck,
    authenticate: async (request) => (await identify(request)).principal,
    evict(matches) {
      evictions++;
      remembered.deleteWhere(matches);
    },
  };
}

function keyOf({ value }: Credential, workspace: string | undefined): string {
  return `${value}\n${workspace ?? ""}`;
}

interface Found {
  /** Undefined when the caller is who it says but belongs to no such workspace. */
  readonly identity: Identity | undefined;
  readonly expiresAtMs: number;
}

type Actor = Pick<Principal, "actor_id" | "actor_type" | "scopes">;

function found(caller: Caller, kind: Identity["kind"], presented: Identity["presented"], actor: Actor): Found {
  const { credential_id, expires_at } = caller;
  const expiresAtMs = expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(expires_at);
  const principal = principalOf(caller, actor);
  return { identity: principal && { principal, credential_id, kind, presented, expiresAtMs }, expiresAtMs };
}

/** Scopes are narrowed to what the role grants here, so that they mean the same wherever they are read. */
function principalOf({ user_id, workspace_id, role }: Caller, actor: Actor): Principal | undefined {
  if (workspace_id === null || role === null) return undefined;
  const { actor_id, actor_type } = actor;
  const allowed = scopesOfRole(role);
  const scopes = actor.scopes.filter((scope) => allowed.includes(scope));
  return Object.freeze({ user_id, actor_id, actor_type, workspace_id, role, scopes });
}
