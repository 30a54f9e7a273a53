import { claimsOfPrincipal, type Principal, tokenLifetimeSeconds } from "@rondo/identity";
import type { JSONWebKeySet } from "jose";
import { callAuth } from "./call_auth.ts";
import type { IdentityContext } from "./context.ts";

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
  const { token } = await callAuth(() => auth.api.signJWT({ body: { payload } }));
  return { token, expires_at: new Date(exp * 1_000).toISOString() };
}

/** The public keys of the JWTs (RFC 7517). */
export async function readKeySet({ auth }: Pick<IdentityContext, "auth">): Promise<JSONWebKeySet> {
  return callAuth(() => auth.api.getJwks());
}
