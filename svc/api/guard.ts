import { type AppEnv, createRateLimiter, idempotency, tooMany } from "@rondo/http";
import { idSchema } from "@rondo/task";
import { type } from "arktype";
import type { MiddlewareHandler } from "hono";
import type { AppDeps } from "./deps.ts";

/** What stands before every handler of `/api/v1`. */
export interface Guards {
  /** Who calls, and not too often. */
  readonly signedIn: MiddlewareHandler<AppEnv>;
  /** For POST: the same `Idempotency-Key` has its effect once. */
  readonly once: MiddlewareHandler<AppEnv>;
}

const defaultRequestsPerMinute = 600_000;

export function createGuards({ db, identity, requestsPerMinute = defaultRequestsPerMinute }: AppDeps): Guards {
  const { sql } = db;
  const calls = { name: "requests", limit: requestsPerMinute, windowMs: 60_000 };
  const limiter = createRateLimiter({ sql, schema: "api", ...calls });
  return {
    async signedIn(c, next) {
      const principal = await identity.authenticate(c.req.raw);
      const { allowed, retryAfterSeconds } = await limiter.take(principal.actor_id);
      if (!allowed) throw tooMany(retryAfterSeconds);
      c.set("principal", principal);
      await next();
    },
    once: idempotency({ sql, schema: "api" }),
  };
}

/** The path's `:id`. What is no id names nothing, so it is answered like a thing that is missing. */
export const idParam = type({ id: idSchema });
