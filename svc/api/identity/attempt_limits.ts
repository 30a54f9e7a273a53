import { createHash } from "node:crypto";
import type { Database } from "@rondo/db";
import { createRateLimiter, type RateLimiter } from "@rondo/http";
import { Problem } from "@rondo/problem";
import { networkOf } from "./network.ts";

export interface Rule {
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * Guesses at one account from one network are stopped first, so that they hardly count against others who share the network;
 * the second rule stops one network that tries many accounts, the third many networks that try one account.
 */
export interface AttemptRules {
  readonly account_and_network: Rule;
  readonly network: Rule;
  readonly account: Rule;
  readonly sign_up: Rule;
}

export const defaultRules: AttemptRules = {
  account_and_network: { limit: 10, windowMs: 60_000 },
  network: { limit: 100, windowMs: 60_000 },
  account: { limit: 100, windowMs: 900_000 },
  sign_up: { limit: 100, windowMs: 600_000 },
};

/** Counted one by one in PostgreSQL, so that all replicas share the counts. In the end only failures count. */
export interface AttemptLimits {
  /** Before the password is looked at. @throws Problem `too_many` */
  signIn(email: string, address: string): Promise<void>;
  /** After the password was right: the try is given back. */
  forgive(email: string, address: string): Promise<void>;
  /** @throws Problem `too_many` */
  signUp(address: string): Promise<void>;
}

export function createAttemptLimits({ sql }: Pick<Database, "sql">, rules: AttemptRules = defaultRules): AttemptLimits {
  const limiter = (name: string, rule: Rule) => createRateLimiter({ sql, schema: "api", name, chunk: 1, ...rule });
  const pairs = limiter("sign-in by account and network", rules.account_and_network);
  const networks = limiter("sign-in by network", rules.network);
  const accounts = limiter("sign-in by account", rules.account);
  const signUps = limiter("sign-up by network", rules.sign_up);

  /** The narrowest first: who is stopped there does not count further. */
  const signInLimits = (email: string, address: string): readonly (readonly [RateLimiter, string])[] => {
    const network = networkOf(address);
    return [
      [pairs, hash(email, network)],
      [networks, hash(network)],
      [accounts, hash(email)],
    ];
  };

  return {
    async signIn(email, address) {
      for (const [limits, key] of signInLimits(email, address)) await take(limits, key);
    },
    async forgive(email, address) {
      await Promise.all(signInLimits(email, address).map(([limits, key]) => limits.give(key)));
    },
    signUp: (address) => take(signUps, hash(networkOf(address))),
  };
}

async function take(limits: RateLimiter, key: string): Promise<void> {
  const { allowed, retryAfterSeconds } = await limits.take(key);
  if (!allowed) throw new Problem("too_many", "Too many tries. Wait a little, then try again.", { retryAfterSeconds });
}

/** The table shall not tell who tried. */
function hash(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}
