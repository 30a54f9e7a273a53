import postgres, { type Sql } from "postgres";

/**
 * better-auth hashes a password inside its transaction, which would hold connections of the pool that everything else needs;
 * and it reads dates as `Date`, where @rondo/db gives texts. So it has these few connections, opened when first used.
 */
export function createAuthPool(url: string): Sql {
  return postgres(url, {
    max: 4,
    connect_timeout: 3,
    // The default backs off to 20 s: a database that was back stayed unused for that long.
    backoff: (tries) => Math.min(0.5, 0.1 * tries),
    onnotice: () => undefined,
    connection: {
      application_name: "rondo identity",
      TimeZone: "UTC",
      statement_timeout: 5_000,
      lock_timeout: 3_000,
      idle_in_transaction_session_timeout: 7_000,
    },
  });
}
