import type { Sql } from "@rondo/db";
import { keyGraceSeconds } from "./session_rules.ts";

/** The public half of a key that signs, or has signed, JWTs, as better-auth stores it: `public_key` is a JWK as JSON. */
export interface PublicKeyRow {
  readonly id: string;
  readonly alg: string;
  readonly crv: string;
  readonly public_key: string;
}

/** Those that may still verify something. */
export async function listPublicKeys(sql: Sql): Promise<PublicKeyRow[]> {
  return await sql<PublicKeyRow[]>`
    select id, coalesce(alg, 'EdDSA') as alg, coalesce(crv, 'Ed25519') as crv, public_key from api.signing_key
    where expires_at is null or expires_at > now() - ${keyGraceSeconds} * interval '1 second'`;
}
