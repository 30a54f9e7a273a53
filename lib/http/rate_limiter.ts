import type { Sql } from "@rondo/db";
import { giveToWindow, spentWindowMs, takeFromWindow } from "./rate_limit_store.ts";

export interface RateLimiterOptions {
  readonly sql: Sql;
  /** Where `rateLimitMigration` made its table. */
  readonly schema: string;
  /** What is limited; limiters of the same name share their counts. */
  readonly name: string;
  /** How many are allowed in one window. */
  readonly limit: number;
  readonly windowMs: number;
  /**
   * How many a process takes from the database at a time. 1 counts each in the database: exact, for sign-in. More costs a query
   * only for every `chunk`th; a fiftieth of the limit by default.
   */
  readonly chunk?: number;
}

export interface Decision {
  readonly allowed: boolean;
  /** When refused: whole seconds until the window ends. */
  readonly retryAfterSeconds: number;
}

/**
 * Counts in PostgreSQL, so that all processes share the limit, but leased: a process takes `chunk` of the window's allowance at
 * once and spends them without asking.
 *
 * With a window of W ms beginning with the first take, limit L, chunk C and N processes:
 * - in one window at most L are allowed, however many processes there are: every one was taken from the same row;
 *   in any W ms at most 2 L, when they straddle the end of a window;
 * - a caller may be refused early, with (N − 1)(C − 1) unspent in the leases of processes it did not reach; with C = 1 never;
 * - queries per allowed request: 1 / C, and one per process, key and window. Who is refused costs none until the window ends.
 */
export interface RateLimiter {
  take(key: string): Promise<Decision>;
  /** What the database would answer to a take now. Takes nothing, and leaves no row behind. */
  look(key: string): Promise<Decision>;
  /** Undoes one `take`: an attempt that turned out not to count, such as a right password. */
  give(key: string): Promise<void>;
}

interface Lease {
  left: number;
  /** The database granted less than was asked for: the window has no more. */
  spent: boolean;
  /** On this process's monotonic clock. */
  endsAt: number;
  /** Whoever finds nothing left waits for the same query. */
  renewal: Promise<void> | undefined;
}

const allowed: Decision = { allowed: true, retryAfterSeconds: 0 };
/** A forgotten lease costs its key at most a chunk. */
const mostLeases = 50_000;

export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { sql, schema, name, limit } = options;
  const chunk = Math.max(1, options.chunk ?? Math.floor(limit / 50));
  const counts = chunk === 1 ? exactLimiter(options) : leasedLimiter(options, chunk);
  return {
    ...counts,
    async look(key) {
      const leftMs = await spentWindowMs(sql, schema, { name, key, limit });
      return leftMs > 0 ? refused(leftMs) : allowed;
    },
  };
}

type Counts = Omit<RateLimiter, "look">;

function refused(leftMs: number): Decision {
  return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1_000)) };
}

function exactLimiter({ sql, schema, name, limit, windowMs }: RateLimiterOptions): Counts {
  return {
    async take(key) {
      const { granted, leftMs } = await takeFromWindow(sql, schema, { name, key, count: 1, limit, windowMs });
      return granted === 1 ? allowed : refused(leftMs);
    },
    give: (key) => giveToWindow(sql, schema, { name, key, count: 1 }),
  };
}

function leasedLimiter({ sql, schema, name, limit, windowMs }: RateLimiterOptions, chunk: number): Counts {
  const leases = new Map<string, Lease>();

  function leaseOf(key: string): Lease {
    const known = leases.get(key);
    if (known) return known;
    const lease: Lease = { left: 0, spent: false, endsAt: 0, renewal: undefined };
    leases.set(key, lease);
    const oldest = leases.size > mostLeases ? leases.keys().next() : undefined;
    if (oldest && !oldest.done) leases.delete(oldest.value);
    return lease;
  }

  async function renew(key: string, lease: Lease): Promise<void> {
    try {
      const { granted, leftMs } = await takeFromWindow(sql, schema, { name, key, count: chunk, limit, windowMs });
      lease.left = granted;
      lease.spent = granted < Math.min(chunk, limit);
      lease.endsAt = performance.now() + leftMs;
    } finally {
      lease.renewal = undefined;
    }
  }

  return {
    async take(key) {
      const lease = leaseOf(key);
      for (;;) {
        const now = performance.now();
        const runs = now < lease.endsAt;
        if (runs && lease.left > 0) {
          lease.left -= 1;
          return allowed;
        }
        if (runs && lease.spent) return refused(lease.endsAt - now);
        lease.renewal ??= renew(key, lease);
        await lease.renewal;
      }
    },
    async give(key) {
      const lease = leases.get(key);
      if (lease && performance.now() < lease.endsAt) lease.left += 1;
    },
  };
}
