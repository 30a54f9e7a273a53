import { createHash } from "node:crypto";
import type { Database } from "@rondo/db";
import { createRateLimiter, type Decision } from "@rondo/http";
import { Problem } from "@rondo/problem";
import { isKnownNetwork, rememberNetwork } from "./known_network_queries.ts";
import { networkOf } from "./network.ts";

export interface Rule {
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * Guesses at one account from one network are stopped first, so that they hardly count against others who share the network;
 * `network` stops one network that tries many accounts, `account` many networks that try one account. One network alone cannot use
 * up what an account has: 10 a minute, but 30 an hour, of its 100 in 15 minutes.
 */
export interface AttemptRules {
  readonly account_and_network: Rule;
  readonly account_and_network_slow: Rule;
  readonly network: Rule;
  readonly account: Rule;
  readonly sign_up: Rule;
}

export const defaultRules: AttemptRules = {
  account_and_network: { limit: 10, windowMs: 60_000 },
  account_and_network_slow: { limit: 30, windowMs: 3_600_000 },
  network: { limit: 100, windowMs: 60_000 },
  account: { limit: 100, windowMs: 900_000 },
  sign_up: { limit: 100, windowMs: 600_000 },
};

/** Counted one by one in PostgreSQL, so that all replicas share the counts. In the end only failures count. */
export interface AttemptLimits {
  /** Before the password is looked at. @throws Problem `too_many` */
  signIn(email: string, address: string): Promise<void>;
  /** After the password was right: the try is given back, and the network is known as one where the account's owner signs in. */
  forgive(email: string, address: string): Promise<void>;
  /** @throws Problem `too_many` */
  signUp(address: string): Promise<void>;
}

export function createAttemptLimits({ sql }: Pick<Database, "sql">, rules: AttemptRules = defaultRules): AttemptLimits {
  const limiter = (name: string, rule: Rule) => createRateLimiter({ sql, schema: "api", name, chunk: 1, ...rule });
  const pairs = limiter("sign-in by account and network", rules.account_and_network);
  const slowPairs = limiter("sign-in by account and network, slowly", rules.account_and_network_slow);
  const networks = limiter("sign-in by network", rules.network);
  const accounts = limiter("sign-in by account", rules.account);
  const signUps = limiter("sign-up by network", rules.sign_up);

  /** The narrowest first: who is stopped there does not count further. */
  const limitsOf = (email: string, address: string) => {
    const network = networkOf(address);
    const pair = hash(email, network);
    return {
      pair,
      narrow: [
        [pairs, pair],
        [slowPairs, pair],
      ],
      broad: [
        [networks, hash(network)],
        [accounts, hash(email)],
      ],
    } as const;
  };

  return {
    async signIn(email, address) {
      const { pair, narrow, broad } = limitsOf(email, address);
      // What others did there or to this account is not held against its owner, who has signed in from there.
      const refuseStrangers = async (decision: Decision): Promise<void> => {
        if (!decision.allowed && !(await isKnownNetwork(sql, pair))) refuse(decision);
      };
      // A network that is refused already leaves no rows behind for each address that it makes up.
      await refuseStrangers(await networks.look(hash(networkOf(address))));
      for (const [limits, key] of narrow) refuse(await limits.take(key));
      for (const [limits, key] of broad) await refuseStrangers(await limits.take(key));
    },
    async forgive(email, address) {
      const { pair, narrow, broad } = limitsOf(email, address);
      await Promise.all([...narrow, ...broad].map(([limits, key]) => limits.give(key)));
      await rememberNetwork(sql, pair);
    },
    async signUp(address) {
      refuse(await signUps.take(hash(networkOf(address))));
    },
  };
}

function refuse({ allowed, retryAfterSeconds }: Decision): void {
  if (!allowed) throw new Problem("too_many", "Too many tries. Wait a little, then try again.", { retryAfterSeconds });
}

/** The table must not tell who tried. */
function hash(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}
