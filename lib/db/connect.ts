import { Problem } from "@rondo/problem";
import postgres from "postgres";
import { timedOut, withDeadline } from "./deadline.ts";
import { DatabaseStartError, mapDatabaseError } from "./errors.ts";
import { columnTypes } from "./types.ts";

type ColumnTypes = { bigint: number; instant: string; day: string; time: string };

/** What a query function takes first: the pool or a transaction. */
export type Sql = postgres.ISql<ColumnTypes>;
/** The pool itself. */
export type PoolSql = postgres.Sql<ColumnTypes>;
/** A running transaction; `savepoint` nests. */
export type Tx = postgres.TransactionSql<ColumnTypes>;

export interface ConnectOptions {
  /** `postgres://user:password@host:port/database`; `?sslmode=require` for TLS. */
  readonly url: string;
  /** Shown in `pg_stat_activity` as `application_name`. */
  readonly name: string;
  /** Most connections at once; 10. */
  readonly max?: number;
  /** The server stops a statement after this; 5,000. A caller has its answer, good or bad, 1,000 ms later at the latest. */
  readonly statementTimeoutMs?: number;
  /** Longest transaction, from its begin to its commit; 15,000. */
  readonly transactionTimeoutMs?: number;
  /** Longest wait for a connection to be made; 3,000. */
  readonly connectTimeoutMs?: number;
}

export interface Database {
  /** The pool: single statements. Each settles in time, if need be with the problem `unavailable`. */
  readonly sql: PoolSql;
  /** Runs `fn` in one transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(fn: (sql: Tx) => Promise<T>): Promise<T>;
  /** Resolves when PostgreSQL answers, throws the problem `unavailable` when it does not. For readiness checks. */
  ready(): Promise<void>;
  /** Waits for running queries, at most 5 s, then ends every connection. */
  close(): Promise<void>;
}

/** Opens nothing yet: the pool connects when it is first used, and again whenever the server comes back. */
export function connect(options: ConnectOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? 5_000;
  const transactionTimeoutMs = options.transactionTimeoutMs ?? 15_000;
  const deadlineMs = statementTimeoutMs + 1_000;
  const pool = postgres(checkedUrl(options.url), {
    max: options.max ?? 10,
    connect_timeout: (options.connectTimeoutMs ?? 3_000) / 1_000,
    // The default backs off to 20 s: a database that was back stayed unused for that long.
    backoff: (tries) => Math.min(0.5, 0.1 * tries),
    types: columnTypes,
    onnotice: () => undefined,
    connection: {
      application_name: options.name,
      TimeZone: "UTC",
      DateStyle: "ISO",
      statement_timeout: statementTimeoutMs,
      lock_timeout: Math.min(statementTimeoutMs, 3_000),
      idle_in_transaction_session_timeout: transactionTimeoutMs,
      transaction_timeout: transactionTimeoutMs,
    },
  });
  const sql = withDeadline(pool, deadlineMs);
  return {
    sql,
    transaction: (fn) => transaction(pool, fn, deadlineMs, transactionTimeoutMs + 1_000),
    ready: () => ready(sql),
    close: () => pool.end({ timeout: 5 }),
  };
}

async function transaction<T>(
  pool: PoolSql,
  fn: (sql: Tx) => Promise<T>,
  beginMs: number,
  wholeMs: number,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  let gaveUp = false;
  const giveUp = (ms: number) => () => {
    gaveUp = true;
    late.reject(timedOut(ms));
  };
  let timer = setTimeout(giveUp(beginMs), beginMs);
  let result: { value: T } | undefined;
  const running = pool.begin(async (tx) => {
    // The caller was told "no" while this waited for a connection: it must not happen after all.
    if (gaveUp) throw timedOut(beginMs);
    clearTimeout(timer);
    timer = setTimeout(giveUp(wholeMs), wholeMs);
    result = { value: await fn(tx) };
  });
  try {
    await Promise.race([running, late.promise]);
  } finally {
    clearTimeout(timer);
    running.catch(() => undefined);
  }
  if (result === undefined) throw new Problem("internal", "A transaction ended without a result.");
  return result.value;
}

async function ready(sql: PoolSql): Promise<void> {
  try {
    await sql`select 1`;
  } catch (error) {
    throw mapDatabaseError(error) ?? error;
  }
}

function checkedUrl(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new DatabaseStartError(
      "The database URL is not a URL. Example: postgres://rondo:secret@127.0.0.1:5432/rondo",
    );
  }
  if (parsed.protocol === "postgres:" || parsed.protocol === "postgresql:") return url;
  throw new DatabaseStartError(`The database URL must begin with postgres://, not ${parsed.protocol}//`);
}
