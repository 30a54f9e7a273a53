import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { tokenHeader } from "./sidecar.ts";

/**
 * Whether a text is `APP_API_TOKEN`, the token that the sidecar shows with each event, job and call that it brings. The comparison takes as
 * long for a wrong one. Without a token nothing is, for then anybody who reaches the port could make up events.
 */
export function createTokenCheck(appToken: string | undefined): (shown: string | null) => boolean {
  if (!appToken) return () => false;
  const expected = digest(appToken);
  return (shown) => shown !== null && timingSafeEqual(digest(shown), expected);
}

/** Lets only the sidecar in, by the token that it shows; without a token nobody. */
export function sidecarOnly(appToken: string | undefined): MiddlewareHandler {
  const isSidecar = createTokenCheck(appToken);
  return async (c, next) => {
    if (!isSidecar(c.req.raw.headers.get(tokenHeader))) return c.text("This is for the sidecar only.", 401);
    await next();
    return undefined;
  };
}

/** Of one length, so that neither the token's length nor its beginning can be guessed by the time of the comparison. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
