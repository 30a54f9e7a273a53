import type { Sql } from "@rondo/db";
import type { Authenticator, Principal } from "@rondo/identity";
import { Problem } from "@rondo/problem";
import type { Context } from "hono";
import type { AppEnv } from "./env.ts";
import { createRateLimiter } from "./rate_limiter.ts";

/** Finds out who calls, before a handler: `c.get("principal")` from then on. */
export type Identify = (c: Context<AppEnv>) => Promise<Principal>;

export interface CallerOptions {
  readonly sql: Sql;
  /** Where `rateLimitMigration` made its table. */
  readonly schema: string;
  readonly authenticate: Authenticator;
  /** How often one actor may call in a minute. */
  readonly requestsPerMinute: number;
}

/** Who calls, and not too often. @throws Problem `too_many`, with `Retry-After`, and what `authenticate` throws */
export function countedCaller(options: CallerOptions): Identify {
  const { sql, schema, authenticate, requestsPerMinute } = options;
  const limiter = createRateLimiter({ sql, schema, name: "requests", limit: requestsPerMinute, windowMs: 60_000 });
  const identify = caller(authenticate);
  return async (c) => {
    const principal = await identify(c);
    const { allowed, retryAfterSeconds } = await limiter.take(principal.actor_id);
    if (!allowed) throw tooMany(retryAfterSeconds);
    return principal;
  };
}

/** Who calls, however often. */
export function caller(authenticate: Authenticator): Identify {
  return async (c) => {
    const principal = await authenticate(c.req.raw);
    c.set("principal", principal);
    return principal;
  };
}

function tooMany(retryAfterSeconds: number): Problem {
  return new Problem("too_many", `That was too often. Try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
}
