import type { Authenticator } from "@rondo/identity";
import { withContext } from "@rondo/telemetry";
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./env.ts";

/** Finds out who acts, before the handlers behind it: `c.get("principal")`. */
export function authenticate(authenticator: Authenticator): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const principal = await authenticator(c.req.raw);
    c.set("principal", principal);
    await withContext({ workspace_id: principal.workspace_id }, next);
  };
}
