import { createHash, randomBytes } from "node:crypto";
import type { ApiToken, CreatedApiToken, NewApiToken } from "@rondo/contract";
import { apiTokenPrefix, authorize, type Principal, type Scope, unauthenticated } from "@rondo/identity";
import { type FieldError, notFound, Problem } from "@rondo/problem";
import type { Identity } from "./authenticator.ts";
import type { IdentityContext } from "./context.ts";
import { insertToken, listTokens, revokeToken } from "./queries.ts";
import { isSessionLive } from "./session_queries.ts";

/** The most tokens that one person has at a time: far more than anybody uses, few enough to list at once. */
const mostTokens = 100;

/** A random secret is looked up by a fast hash: there is nothing to guess in 256 bits, and it is checked on every request. */
export function hashApiToken(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}

/**
 * Makes an API token for the workspace in which its maker acts. Its secret is in the answer and nowhere else. It may live for
 * ever, so the session that asks must be live in the database, whatever is remembered of it.
 * @throws Problem `invalid`, `forbidden` (tokens are made by people, not by tokens), `conflict` (too many), `unauthenticated`
 */
export async function createApiToken(
  { db, newId, clock }: IdentityContext,
  { principal, credential_id: session_id }: Identity,
  input: NewApiToken,
): Promise<CreatedApiToken> {
  authorizePerson(principal);
  const { name, scopes: asked } = input;
  const expiry = parseExpiry(input.expires_at, clock());
  const errors = scopeErrors(principal, asked);
  if (typeof expiry === "string") errors.push({ pointer: "/expires_at", detail: expiry });
  if (typeof expiry === "string" || errors.length > 0) {
    throw new Problem("invalid", "The token cannot be made like this.", { errors });
  }
  const token = apiTokenPrefix + randomBytes(32).toString("base64url");
  const { workspace_id, user_id } = principal;
  const row = await insertToken(
    db.sql,
    { id: newId(), workspace_id, user_id, name, scopes: [...new Set(asked)] },
    { tokenSha256: hashApiToken(token), expires_at: expiry.at, most: mostTokens, session_id },
  );
  if (!row && !(await isSessionLive(db.sql, session_id))) throw unauthenticated();
  if (!row) throw new Problem("conflict", `You have ${mostTokens} API tokens, which is the most. Revoke one first.`);
  return { ...row, token };
}

/** The person's own living tokens in all workspaces, newest first; never their secrets. */
export async function listApiTokens({ db }: IdentityContext, principal: Principal): Promise<ApiToken[]> {
  authorizePerson(principal);
  return listTokens(db.sql, principal.user_id);
}

/** Revokes one of the person's own tokens, at once in this process. @throws Problem `not_found` */
export async function revokeApiToken(context: IdentityContext, principal: Principal, id: string): Promise<void> {
  authorizePerson(principal);
  if (!(await revokeToken(context.db.sql, principal.user_id, id))) throw notFound();
  context.evict((identity) => identity.credential_id === id);
}

/** A stolen token must not be able to make its successor, nor to revoke the others. */
function authorizePerson(principal: Principal): void {
  if (principal.actor_type !== "user") {
    throw new Problem("forbidden", "API tokens are managed by a person who signed in, not by a token or an agent.");
  }
  authorize(principal, "tokens.manage");
}

function scopeErrors(principal: Principal, asked: readonly Scope[]): FieldError[] {
  return asked.flatMap((scope, index) =>
    principal.scopes.includes(scope)
      ? []
      : [{ pointer: `/scopes/${index}`, detail: `You are ${principal.role} here, which does not include ${scope}.` }],
  );
}

/** The moment in our own form, null for a token that stays; a string is what was wrong. */
function parseExpiry(text: string | null | undefined, now: Date): { readonly at: string | null } | string {
  if (text === null || text === undefined) return { at: null };
  const form = "Give a moment in RFC 3339 such as 2027-01-31T08:00:00Z, at most in the year 9999, or null.";
  try {
    const ms = Temporal.Instant.from(text).epochMilliseconds;
    if (ms <= now.getTime()) return "This moment has passed; give one in the future, or null for a token that stays.";
    return ms < Date.UTC(10_000, 0) ? { at: new Date(ms).toISOString() } : form;
  } catch {
    return form;
  }
}
