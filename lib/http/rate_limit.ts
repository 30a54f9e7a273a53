import { Problem } from "@rondo/problem";
import type { Context, MiddlewareHandler } from "hono";
import { clientAddress } from "./client_address.ts";
import type { AppEnv } from "./env.ts";
import type { RateLimiter } from "./rate_limiter.ts";

/**
 * Lets a request pass while its key has something left.
 * @param keyOf whom to count; the actor of an authenticated request, else the client's address
 * @throws Problem `too_many`, with `Retry-After`
 */
export function rateLimit(
  limiter: RateLimiter,
  keyOf: (c: Context<AppEnv>) => string = actorOrAddress,
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { allowed, retryAfterSeconds } = await limiter.take(keyOf(c));
    if (!allowed) throw tooMany(retryAfterSeconds);
    await next();
  };
}

export function tooMany(retryAfterSeconds: number): Problem {
  return new Problem("too_many", `That was too often. Try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
}

function actorOrAddress(c: Context<AppEnv>): string {
  const principal: AppEnv["Variables"]["principal"] | undefined = c.get("principal");
  return principal === undefined ? `address:${clientAddress(c)}` : `actor:${principal.actor_id}`;
}
