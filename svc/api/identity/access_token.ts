import { claimsOfPrincipal, type Principal, tokenLifetimeSeconds } from "@rondo/identity";
import type { JSONWebKeySet } from "jose";
import { callAuth } from "./call_auth.ts";
import type { IdentityContext } from "./context.ts";
import { listPublicKeys } from "./signing_key_queries.ts";

export interface AccessToken {
  readonly token: string;
  readonly expires_at: string;
}

/** A JWT (EdDSA, 5 minutes) that says exactly this principal, for calls between our own processes. */
export async function issueAccessToken(
  { auth, clock }: Pick<IdentityContext, "auth" | "clock">,
  principal: Principal,
): Promise<AccessToken> {
  const iat = Math.floor(clock().getTime() / 1_000);
  const exp = iat + tokenLifetimeSeconds;
  const payload = { ...claimsOfPrincipal(principal), iat, exp };
  const { token } = await callAuth(auth, ({ api }) => api.signJWT({ body: { payload } }));
  return { token, expires_at: new Date(exp * 1_000).toISOString() };
}

/** The public keys of the JWTs (RFC 7517); none before the first was signed. */
export async function readKeySet({ db }: Pick<IdentityContext, "db">): Promise<JSONWebKeySet> {
  const keys = await listPublicKeys(db.sql);
  return { keys: keys.map(({ id, alg, crv, public_key }) => ({ alg, crv, ...JSON.parse(public_key), kid: id })) };
}
