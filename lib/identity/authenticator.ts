import { Problem } from "@rondo/problem";
import type { Principal } from "./principal.ts";

/**
 * Finds out on whose behalf a request is made.
 * @throws Problem `unauthenticated` without a valid credential, `not_found` when `Rondo-Workspace` names a workspace that
 * the caller does not belong to (or that does not exist: the two look alike).
 */
export type Authenticator = (request: Request) => Promise<Principal>;

/** An authenticator that remembers, and can be asked not to answer from memory: for what is checked again and again. */
export interface RecheckingAuthenticator extends Authenticator {
  readonly recheck: Authenticator;
}

/**
 * How long a revoked credential may go on working in another process than the one that revoked it. Each memory counts from the
 * moment when the database was asked, and none is filled from another one: so they never add up.
 */
export const longestCacheMs = 10_000;

/** The one answer to every credential that does not hold: it does not tell which part was wrong. */
export function unauthenticated(cause?: unknown): Problem {
  return new Problem("unauthenticated", "Sign in, or send a valid API token.", { cause });
}
