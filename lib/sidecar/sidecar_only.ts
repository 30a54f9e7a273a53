import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { tokenHeader } from "./sidecar.ts";

/**
 * Lets only the sidecar in: it shows `APP_API_TOKEN` with each event, job and call that it brings. Without a token nobody
 * is let in, for then anybody who reaches the port could make up events.
 */
export function sidecarOnly(appToken: string | undefined): MiddlewareHandler {
  const expected = appToken ? digest(appToken) : undefined;
  return async (c, next) => {
    const shown = c.req.header(tokenHeader);
    const known = expected !== undefined && shown !== undefined && timingSafeEqual(digest(shown), expected);
    if (!known) return c.text("This is for the sidecar only.", 401);
    await next();
    return undefined;
  };
}

/** Of one length, so that neither the token's length nor its beginning can be guessed by the time of the comparison. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
