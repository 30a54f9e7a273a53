import { unauthenticated } from "./authenticator.ts";

/** What a request brings to prove who it is. A cookie's value is still URL-encoded and signed. */
export interface Credential {
  readonly kind: "jwt" | "api_token" | "session";
  readonly value: string;
}

export const apiTokenPrefix = "rondo_pat_";
const apiTokenForm = /^rondo_pat_[A-Za-z0-9_-]{43}$/;
const jwtForm = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
/** Longer than any credential of ours; keeps junk out of caches and hashes. */
const longestValue = 4_096;

/**
 * Over https the name carries the prefix with which browsers refuse a cookie that a sibling host or plain http tried to
 * plant (RFC 6265bis section 4.1.3.2).
 */
export function sessionCookieName(origin: string): string {
  return origin.startsWith("https:") ? "__Host-rondo_session" : "rondo_session";
}

/**
 * The credential of a request: `Authorization: Bearer` (an API token or a JWT), else the session cookie, else undefined.
 * A wrong `Authorization` is never overlooked in favour of a cookie.
 * @throws Problem `unauthenticated` for an `Authorization` that is neither.
 */
export function credentialOf(request: Request, cookieName: string): Credential | undefined {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return bearerOf(authorization);
  const value = cookieOf(request.headers.get("cookie") ?? "", cookieName);
  return value === undefined ? undefined : { kind: "session", value };
}

function bearerOf(authorization: string): Credential {
  const [scheme, value, ...rest] = authorization.split(" ");
  if (scheme?.toLowerCase() !== "bearer" || value === undefined || rest.length > 0 || value.length > longestValue) {
    throw unauthenticated();
  }
  if (apiTokenForm.test(value)) return { kind: "api_token", value };
  if (jwtForm.test(value)) return { kind: "jwt", value };
  throw unauthenticated();
}

/** The first of that name: browsers send the most specific path first, and ours is always `/`. */
function cookieOf(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at === -1 || pair.slice(0, at).trim() !== name) continue;
    const value = pair.slice(at + 1).trim();
    return value === "" || value.length > longestValue ? undefined : value;
  }
  return undefined;
}

/** The header by which a caller names another of its workspaces. */
export const workspaceHeader = "rondo-workspace";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** No workspace has it (RFC 9562 section 5.9). */
const nilId = "00000000-0000-0000-0000-000000000000";

/**
 * The workspace that a request names, as ids are kept: the letters of a UUID count the same in either case (RFC 9562 section 4).
 * A name that is no id, an empty one too, becomes the id of no workspace: nobody acts elsewhere than they meant to.
 */
export function namedWorkspace(request: Request): string | undefined {
  const name = request.headers.get(workspaceHeader)?.toLowerCase();
  return name === undefined || uuid.test(name) ? name : nilId;
}
