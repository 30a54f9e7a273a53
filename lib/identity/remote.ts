import { notFound } from "@rondo/problem";
import { longestCacheMs, type RecheckingAuthenticator, unauthenticated } from "./authenticator.ts";
import { createBoundedCache } from "./bounded_cache.ts";
import { type Credential, credentialOf, namedWorkspace } from "./credential.ts";
import type { Principal } from "./principal.ts";
import type { JwtVerifier } from "./verifier.ts";

/** A principal, and the JWT with which to act as it towards the other services. */
export interface Identified {
  readonly principal: Principal;
  readonly bearer: string;
}

/** An `Authenticator` that can also say with which token to go on, and forget a browser that signs out here. */
export interface RemoteAuthenticator extends RecheckingAuthenticator {
  identify(request: Request): Promise<Identified>;
  /** Drops what is remembered of the request's credential, so that signing out shows at once in this process. */
  forget(request: Request): void;
}

/** Has a credential checked by the database, and trades it for a JWT. @throws Problem `unauthenticated`, `not_found` (workspace), `unavailable`. */
export type Exchange = (credential: Credential, workspaceId: string | undefined) => Promise<string>;

export interface RemoteAuthenticatorOptions {
  readonly exchange: Exchange;
  readonly verifier: JwtVerifier;
  readonly cookieName: string;
  /** At most 10 s: so long may a revoked session or API token go on working here. */
  readonly cacheMs?: number;
  readonly clock?: () => Date;
}

/**
 * The authenticator of every process that has no identity tables: each credential, a JWT too, is exchanged through the api, which
 * looks whether it still lives. Concurrent requests with one credential share one exchange.
 */
export function remoteAuthenticator(options: RemoteAuthenticatorOptions): RemoteAuthenticator {
  const { exchange, verifier, cookieName, clock = () => new Date() } = options;
  const ttlMs = Math.min(options.cacheMs ?? longestCacheMs, longestCacheMs);
  const now = () => clock().getTime();
  const remembered = createBoundedCache<{ readonly of: string; readonly identified: Promise<Identified> }>({
    capacity: 10_000,
    ttlMs,
    now,
  });

  const trade = async (credential: Credential, workspaceId: string | undefined): Promise<Identified> => {
    const bearer = await exchange(credential, workspaceId);
    return { bearer, principal: (await verifier.verify(bearer)).principal };
  };

  const read = async (request: Request): Promise<[Credential, string | undefined]> => {
    const credential = credentialOf(request, cookieName);
    if (!credential) throw unauthenticated();
    const workspaceId = namedWorkspace(request);
    if (credential.kind === "jwt") {
      // Junk costs the api nothing.
      const { principal } = await verifier.verify(credential.value);
      // A JWT speaks for exactly one workspace.
      if (workspaceId !== undefined && workspaceId !== principal.workspace_id) throw notFound();
    }
    return [credential, workspaceId];
  };

  const identify = async (request: Request): Promise<Identified> => {
    const [credential, workspaceId] = await read(request);
    const key = `${credential.value}\n${workspaceId ?? ""}`;
    const known = remembered.get(key);
    if (known) return known.identified;
    const identified = trade(credential, workspaceId);
    remembered.set(key, { of: credential.value, identified });
    // A refusal is not remembered: the next request may come when the api is back.
    identified.catch(() => remembered.delete(key));
    return identified;
  };

  return Object.assign(async (request: Request) => (await identify(request)).principal, {
    identify,
    recheck: async (request: Request) => (await trade(...(await read(request)))).principal,
    forget(request: Request) {
      const credential = credentialOf(request, cookieName);
      if (credential) remembered.deleteWhere(({ of }) => of === credential.value);
    },
  });
}
