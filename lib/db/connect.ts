import type { Metrics } from "@rondo/telemetry";
import postgres from "postgres";
import { type Load, withDeadline } from "./deadline.ts";
import { DatabaseStartError, mapDatabaseError } from "./errors.ts";
import { transactions } from "./transaction.ts";
import { columnTypes } from "./types.ts";

type ColumnTypes = { bigint: number; instant: string; day: string; time: string };

/** What a query function takes first: the pool or a transaction. */
export type Sql = postgres.ISql<ColumnTypes>;
/** The pool itself. */
export type PoolSql = postgres.Sql<ColumnTypes>;
/** A running transaction; `savepoint` nests. */
export type Tx = postgres.TransactionSql<ColumnTypes>;
/** A part of a statement, made by `sql` and placed inside another. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

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
  /** Gets `rondo_db_pool_connections` and `rondo_db_query_duration_seconds`. */
  readonly metrics?: Metrics;
}

/** How full a pool is. */
export interface PoolStats {
  /** Most connections at once. */
  readonly limit: number;
  /** Statements and transactions that hold a connection, as near as one can tell from outside the driver. */
  readonly in_use: number;
  /** Those that wait for one. */
  readonly waiting: number;
}

export interface Database {
  /** The pool: single statements. Each settles in time, if need be with the problem `unavailable`. */
  readonly sql: PoolSql;
  /** Runs `fn` in one transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(fn: (sql: Tx) => Promise<T>): Promise<T>;
  /** Resolves when PostgreSQL answers, throws the problem `unavailable` when it does not. For readiness checks. */
  ready(): Promise<void>;
  stats(): PoolStats;
  /** Waits for running queries, at most 5 s, then ends every connection. */
  close(): Promise<void>;
}

/** Opens nothing yet: the pool connects when it is first used, and again whenever the server comes back. */
export function connect(options: ConnectOptions): Database {
  const { max: limit = 10, statementTimeoutMs = 5_000, transactionTimeoutMs = 15_000 } = options;
  const pool = postgres(checkedUrl(options.url), {
    max: limit,
    // Shorter than the answer may take: no statement is run after its caller was told "no".
    connect_timeout: Math.min(options.connectTimeoutMs ?? 3_000, statementTimeoutMs) / 1_000,
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
  const load: Load = { running: 0, awayUntil: 0, answeredAt: 0, observe: observer(options.metrics) };
  const stats = (): PoolStats => ({
    limit,
    in_use: Math.min(limit, load.running),
    waiting: Math.max(0, load.running - limit),
  });
  if (options.metrics !== undefined) showStats(options.metrics, options.name, stats);
  const answerMs = statementTimeoutMs + 1_000;
  const sql = withDeadline(pool, answerMs, load);
  return {
    sql,
    transaction: transactions(pool, { beginMs: answerMs, wholeMs: transactionTimeoutMs + 1_000 }, load),
    ready: () => ready(sql),
    stats,
    close: () => pool.end({ timeout: 5 }),
  };
}

function observer(metrics: Metrics | undefined): ((seconds: number) => void) | undefined {
  const name = "rondo_db_query_duration_seconds";
  const histogram = metrics?.histogram(name, "Statements, from their sending to their answer, waiting included.");
  return histogram && ((seconds) => histogram.observe(seconds));
}

function showStats(metrics: Metrics, pool: string, stats: () => PoolStats): void {
  const help = "Connections of a pool: its limit, those in use, and the callers that wait for one.";
  metrics.gauge("rondo_db_pool_connections", help, ["pool", "state"], (gauge) => {
    for (const [state, count] of Object.entries(stats())) gauge.set({ pool, state }, count);
  });
}

async function ready(sql: PoolSql): Promise<void> {
  try {
    await sql`select 1`;
  } catch (error) {
    throw mapDatabaseError(error) ?? error;
  }
}

function checkedUrl(url: string): string {
  if (!URL.canParse(url)) {
    throw new DatabaseStartError(
      "The database URL is not a URL. An example: postgres://rondo:secret@127.0.0.1:5432/rondo",
    );
  }
  const { protocol } = new URL(url);
  if (protocol === "postgres:" || protocol === "postgresql:") return url;
  throw new DatabaseStartError(`The database URL must begin with postgres://, not ${protocol}//.`);
}
