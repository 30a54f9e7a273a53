import { type } from "arktype";
import type { JWTPayload } from "jose";
import { unauthenticated } from "./authenticator.ts";
import { actorTypes, type Principal, roles, scopes } from "./principal.ts";

/** The tokens are for our own services only; another issuer's or another audience's are refused. */
export const tokenAudience = "rondo";
/** Seconds. Nothing can take a JWT back, so it lives only as long as a page takes. */
export const tokenLifetimeSeconds = 300;

const claims = type({
  "+": "reject",
  sub: "string.uuid",
  actor_id: "string.uuid",
  actor_type: type.enumerated(...actorTypes),
  workspace_id: "string.uuid",
  role: type.enumerated(...roles),
  scopes: type.enumerated(...scopes).array(),
  iss: "string",
  aud: "string",
  exp: "number.integer",
  iat: "number.integer",
});

/** A principal as JWT claims (RFC 7519): `sub` is the user, the rest keeps its name. */
export function claimsOfPrincipal({ user_id, actor_id, actor_type, workspace_id, role, scopes }: Principal) {
  return { sub: user_id, actor_id, actor_type, workspace_id, role, scopes: [...scopes] };
}

/**
 * The principal of a verified token. Exactly our claims: a missing, additional or mistyped one is not ours.
 * @throws Problem `unauthenticated`
 */
export function principalFromClaims(payload: JWTPayload): Principal {
  const found = claims(payload);
  if (found instanceof type.errors) throw unauthenticated(found.summary);
  const { sub, actor_id, actor_type, workspace_id, role, scopes } = found;
  return Object.freeze({ user_id: sub, actor_id, actor_type, workspace_id, role, scopes: Object.freeze(scopes) });
}
