import { Problem } from "@rondo/problem";
import type { Principal } from "./principal.ts";

/**
 * Finds out on whose behalf a request is made.
 * @throws Problem `unauthenticated` without a valid credential, `not_found` when `Rondo-Workspace` names a workspace that
 * the caller does not belong to (or that does not exist: the two look alike).
 */
export type Authenticator = (request: Request) => Promise<Principal>;

/** How long a revoked credential may go on working in another process than the one that revoked it. */
export const longestCacheMs = 10_000;

/** The one answer to every credential that does not hold: it does not tell which part was wrong. */
export function unauthenticated(cause?: unknown): Problem {
  return new Problem("unauthenticated", "Sign in, or send a valid API token.", { cause });
}
