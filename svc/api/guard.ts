import { type AppEnv, authenticate, createRateLimiter, idempotency, rateLimit } from "@rondo/http";
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
  const limiter = createRateLimiter({
    sql,
    schema: "api",
    name: "requests",
    limit: requestsPerMinute,
    windowMs: 60_000,
  });
  const authenticated = authenticate(identity.authenticate);
  const limited = rateLimit(limiter);
  return {
    signedIn: (c, next) => authenticated(c, async () => void (await limited(c, next))),
    once: idempotency({ sql, schema: "api" }),
  };
}

/** The path's `:id`. What is no id names nothing, so it is answered like a thing that is missing. */
export const idParam = type({ id: idSchema });
