import { type } from "arktype";
import type { JWTPayload } from "jose";
import { unauthenticated } from "./authenticator.ts";
import { actorTypes, type Principal, roles, scopes } from "./principal.ts";

/** The tokens are for our own services only; another issuer's or another audience's are refused. */
export const tokenAudience = "rondo";
/** Seconds. A JWT ends with its credential in any case; this bounds it where nobody can ask whether that still lives. */
export const tokenLifetimeSeconds = 300;

/** Who acts, and the session or API token that shows it: what was made from that credential ends with it. */
export interface BoundPrincipal {
  readonly principal: Principal;
  readonly credential_id: string;
}

const claims = type({
  "+": "reject",
  sub: "string.uuid",
  actor_id: "string.uuid",
  actor_type: type.enumerated(...actorTypes),
  workspace_id: "string.uuid",
  role: type.enumerated(...roles),
  scopes: type.enumerated(...scopes).array(),
  credential_id: "string.uuid",
  iss: "string",
  aud: "string",
  exp: "number.integer",
  iat: "number.integer",
});

/** As JWT claims (RFC 7519): `sub` is the user, the rest keeps its name. */
export function claimsOf({ principal, credential_id }: BoundPrincipal) {
  const { user_id, actor_id, actor_type, workspace_id, role, scopes } = principal;
  return { sub: user_id, actor_id, actor_type, workspace_id, role, scopes: [...scopes], credential_id };
}

/**
 * What a verified token says. Exactly our claims: a missing, additional or mistyped one is not ours.
 * @throws Problem `unauthenticated`
 */
export function principalFromClaims(payload: JWTPayload): BoundPrincipal {
  const found = claims(payload);
  if (found instanceof type.errors) throw unauthenticated(found.summary);
  const { sub, actor_id, actor_type, workspace_id, role, scopes, credential_id } = found;
  const actor = { user_id: sub, actor_id, actor_type };
  return { principal: Object.freeze({ ...actor, workspace_id, role, scopes: Object.freeze(scopes) }), credential_id };
}
