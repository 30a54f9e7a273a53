import { createTokenCheck } from "@rondo/sidecar";
import type { Context } from "hono";
import { type AppEnv, serverOf } from "./env.ts";

/** By which our own services know each other where no sidecar vouches for them. */
export const serviceTokenHeader = "rondo-service-token";

/** Notes whether a request shows the services' token, and leaves the token to no handler. */
export function serviceCallReader(token: string | undefined): (c: Context<AppEnv>) => void {
  const isOurs = createTokenCheck(token);
  return (c) => {
    const { headers } = c.req.raw;
    const shown = headers.get(serviceTokenHeader);
    if (shown === null) return;
    headers.delete(serviceTokenHeader);
    if (isOurs(shown)) c.set("from_service", true);
  };
}

/** Whether one of our own services calls: from within this process, through our sidecar, or showing the services' token. */
export function isInternalCall(c: Context<AppEnv>): boolean {
  return c.get("from_service") === true || c.get("through_sidecar") !== undefined || serverOf(c) === undefined;
}
