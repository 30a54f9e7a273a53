import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT } from "jose";
import { type BoundPrincipal, claimsOf, tokenAudience } from "./claims.ts";
import type { Principal } from "./principal.ts";

export const issuer = "http://localhost:3000";

export const principal: Principal = {
  actor_id: "01890000-0000-7000-8000-000000000001",
  actor_type: "user",
  user_id: "01890000-0000-7000-8000-000000000001",
  workspace_id: "01890000-0000-7000-8000-000000000002",
  role: "owner",
  scopes: ["tasks:read", "tasks:write"],
};

export const bound: BoundPrincipal = { principal, credential_id: "01890000-0000-7000-8000-000000000003" };

/** A signer of our tokens, and its public keys. Every claim and header can be bent. */
export async function createSigner(kid = "key-1", now = () => Date.now()) {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const jwks: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), alg: "EdDSA", kid }] };
  const claims = (): JWTPayload => {
    const iat = Math.floor(now() / 1_000);
    return { ...claimsOf(bound), iss: issuer, aud: tokenAudience, iat, exp: iat + 300 };
  };
  const sign = (changes: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT({ ...claims(), ...changes }).setProtectedHeader({ alg: "EdDSA", kid }).sign(privateKey);
  return { jwks, claims, sign };
}
