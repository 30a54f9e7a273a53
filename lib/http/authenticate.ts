import type { Authenticator } from "@rondo/identity";
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./env.ts";

/** Finds out who acts, before the handlers behind it: `c.get("principal")`. */
export function authenticate(authenticator: Authenticator): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.set("principal", await authenticator(c.req.raw));
    await next();
  };
}
