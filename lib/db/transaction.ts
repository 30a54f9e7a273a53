import type { PoolSql, Tx } from "./connect.ts";
import { type Load, noteOutcome, refuseWhileAway, timedOut } from "./deadline.ts";

interface Deadlines {
  /** Until the transaction has begun: a connection was free and the server answered. */
  readonly beginMs: number;
  /** From then to the end; a little more than the server's own `transaction_timeout`, which ends it first. */
  readonly wholeMs: number;
}

/** `db.transaction` of this pool: settles in time even when the server hangs, then with the problem `unavailable`. */
export function transactions(pool: PoolSql, { beginMs, wholeMs }: Deadlines, load: Load) {
  return async <T>(fn: (sql: Tx) => Promise<T>): Promise<T> => {
    refuseWhileAway(load);
    const late = Promise.withResolvers<never>();
    const done = Promise.withResolvers<T>();
    let gaveUp = false;
    const giveUpAfter = (ms: number): ReturnType<typeof setTimeout> =>
      setTimeout(() => {
        gaveUp = true;
        late.reject(timedOut(ms));
      }, ms);
    let timer = giveUpAfter(beginMs);
    load.running += 1;
    const committed = pool.begin(async (tx) => {
      // The caller was told "no" while this waited for a connection: it must not happen after all.
      if (gaveUp) throw timedOut(beginMs);
      clearTimeout(timer);
      timer = giveUpAfter(wholeMs);
      done.resolve(await fn(tx));
    });
    try {
      // postgres.js would unwrap an array of promises that `fn` returns; its value goes around that.
      await Promise.race([committed, late.promise]);
      noteOutcome(load);
      return await done.promise;
    } catch (error) {
      noteOutcome(load, error);
      throw error;
    } finally {
      clearTimeout(timer);
      load.running -= 1;
      committed.catch(() => undefined);
    }
  };
}
