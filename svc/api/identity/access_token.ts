import { claimsOf, createBoundedCache, tokenLifetimeSeconds } from "@rondo/identity";
import type { JSONWebKeySet } from "jose";
import type { Identity } from "./authenticator.ts";
import { callAuth } from "./call_auth.ts";
import type { IdentityContext } from "./context.ts";
import { listPublicKeys } from "./signing_key_queries.ts";

export interface AccessToken {
  readonly token: string;
  readonly expires_at: string;
}

/** Signs what was found by asking the database, for calls between our own processes. */
export type IssueAccessToken = (identity: Identity) => Promise<AccessToken>;

/** Seconds. A token is handed out again while it has this long to live. */
const reserveSeconds = 60;

/**
 * Makes JWTs (EdDSA) that live for 5 minutes, and no longer than their credential. One that says the same is handed out again for
 * 4 minutes: services ask every few seconds whether a credential still lives, and a signature costs more than a millisecond.
 */
export function createTokenIssuer({ auth, clock }: Pick<IdentityContext, "auth" | "clock">): IssueAccessToken {
  const now = () => clock().getTime();
  const ttlMs = (tokenLifetimeSeconds - reserveSeconds) * 1_000;
  const signed = createBoundedCache<AccessToken>({ capacity: 10_000, ttlMs, now });
  return async (identity) => {
    const claims = claimsOf(identity);
    const key = JSON.stringify(claims);
    const known = signed.get(key);
    if (known) return known;
    const iat = Math.floor(now() / 1_000);
    const exp = Math.min(iat + tokenLifetimeSeconds, Math.floor(identity.expiresAtMs / 1_000));
    const payload = { ...claims, iat, exp };
    const { token } = await callAuth(auth, ({ api }) => api.signJWT({ body: { payload } }));
    const issued = { token, expires_at: new Date(exp * 1_000).toISOString() };
    signed.set(key, issued);
    return issued;
  };
}

/** The public keys of the JWTs (RFC 7517); none before the first was signed. */
export async function readKeySet({ db }: Pick<IdentityContext, "db">): Promise<JSONWebKeySet> {
  const keys = await listPublicKeys(db.sql);
  return { keys: keys.map(({ id, alg, crv, public_key }) => ({ alg, crv, ...JSON.parse(public_key), kid: id })) };
}

/** Seconds for which anybody may keep the public keys. */
export const keySetSeconds = 60;

/** The public keys for strangers: however many ask, the database is asked once a minute. */
export function createKeySetCache(context: Pick<IdentityContext, "db" | "clock">): () => Promise<JSONWebKeySet> {
  let known: { readonly keys: Promise<JSONWebKeySet>; readonly untilMs: number } | undefined;
  return () => {
    const now = context.clock().getTime();
    if (known && now < known.untilMs) return known.keys;
    const keys = readKeySet(context);
    known = { keys, untilMs: now + keySetSeconds * 1_000 };
    keys.catch(() => {
      known = undefined;
    });
    return keys;
  };
}
