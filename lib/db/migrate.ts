import type { PoolSql, Sql, Tx } from "./connect.ts";
import { errorCode, startFailure } from "./errors.ts";
import { type Applied, checkOrder, checksum, compare, label, MigrationError, type MigrationSet } from "./migration.ts";

export interface MigrateOptions {
  /** The longest wait for one lock, during which everybody else waits behind the migration; 1,000. */
  readonly lockTimeoutMs?: number;
  /** How long to try again while others hold what a migration needs; 600,000. */
  readonly patienceMs?: number;
}

const oldestServer = 17;

/**
 * Brings `schema` to this program's version, and returns the names of the migrations that this call applied. Any number
 * of starters may call it at once: an advisory lock lets one work while the others wait. Each migration commits alone.
 * One that cannot have its locks soon gives way and tries again: queued behind a long reader it would block all who come after.
 * Throws `MigrationError` when PostgreSQL is older than 17, when an applied migration was edited, when the schema is newer than
 * the program by a contract step, or when the locks are not to be had; nothing is changed then.
 */
export async function migrate(sql: PoolSql, set: MigrationSet, options: MigrateOptions = {}): Promise<string[]> {
  checkOrder(set);
  await serverVersion(sql);
  const applied: string[] = [];
  for (;;) {
    const name = await withPatience(set, options, (lockTimeoutMs) =>
      sql.begin((tx) => applyNext(tx, set, lockTimeoutMs)),
    );
    if (name === undefined) return applied;
    applied.push(name);
  }
}

async function withPatience<T>(
  { schema }: MigrationSet,
  { lockTimeoutMs = 1_000, patienceMs = 600_000 }: MigrateOptions,
  attempt: (lockTimeoutMs: number) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt(lockTimeoutMs);
    } catch (error) {
      if (errorCode(error) !== lockNotAvailable) throw error;
      if (performance.now() > deadline)
        throw new MigrationError(
          `The schema "${schema}" cannot be migrated: others hold locks on it. End long transactions and start again.`,
          error,
        );
    }
    // Those who waited behind it go first.
    await Bun.sleep(lockTimeoutMs * (0.5 + Math.random()));
  }
}

/** SQLSTATE of `lock_timeout`. */
const lockNotAvailable = "55P03";

/** The names of the migrations that `migrate` would apply now. Changes nothing, and throws where `migrate` would. */
export async function pendingMigrations(sql: PoolSql, set: MigrationSet): Promise<string[]> {
  checkOrder(set);
  await serverVersion(sql);
  const done = await readDone(sql, set.schema);
  compare(set.schema, done, set.migrations);
  return set.migrations.slice(done.length).map(({ name }) => name);
}

async function applyNext(
  tx: Tx,
  { schema, migrations }: MigrationSet,
  lockTimeoutMs: number,
): Promise<string | undefined> {
  // A migration of a large table may take its time, and so may the other starter that we wait for.
  await tx.unsafe("set local transaction_timeout = 0; set local statement_timeout = 0; set local lock_timeout = 0");
  await tx`select pg_advisory_xact_lock(hashtextextended(${`rondo migrate ${schema}`}, 0))`;
  const done = await readDone(tx, schema);
  compare(schema, done, migrations);
  const next = migrations[done.length];
  if (next === undefined) return undefined;
  await tx.unsafe(`set local lock_timeout = ${lockTimeoutMs}`);
  await prepareTable(tx, schema, done.length === 0);
  try {
    await tx.unsafe(next.sql);
  } catch (error) {
    const code = errorCode(error);
    if (code === lockNotAvailable) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`Migration ${label(schema, next)} failed: ${reason}${code ? ` (${code})` : ""}`, error);
  }
  await tx`insert into ${tx(schema)}.migration (id, name, checksum, contract)
    values (${next.id}, ${next.name}, ${checksum(next.sql)}, ${next.contract === true})`;
  return next.name;
}

async function readDone(sql: Sql, schema: string): Promise<Applied[]> {
  const known = await sql`select 1 from pg_tables where schemaname = ${schema} and tablename = 'migration'`;
  if (known.length === 0) return [];
  // The column came later than the table.
  return await sql<Applied[]>`
    select id, name, checksum, coalesce((to_jsonb(m) ->> 'contract')::boolean, false) as contract
    from ${sql(schema)}.migration m order by id`;
}

async function prepareTable(tx: Tx, schema: string, isNew: boolean): Promise<void> {
  if (isNew) {
    await tx`create schema if not exists ${tx(schema)}`;
    await tx`create table if not exists ${tx(schema)}.migration (
      id integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz(3) not null default now()
    )`;
  }
  await tx`alter table ${tx(schema)}.migration add column if not exists contract boolean not null default false`;
}

/** What PostgreSQL calls its version: `18.4`. @throws DatabaseStartError in one clear line: it cannot be used, or is older than 17 */
export async function serverVersion(sql: PoolSql): Promise<string> {
  try {
    const [row] = await sql<{ version: string; number: number }[]>`
      select current_setting('server_version') as version, current_setting('server_version_num')::int as number`;
    if (row === undefined || row.number < oldestServer * 10_000) throw tooOld();
    return row.version;
  } catch (error) {
    // PostgreSQL 16 and older refuse the connection itself, because of this one of our settings.
    if (errorCode(error) === "42704" && String(error).includes("transaction_timeout")) throw tooOld();
    throw startFailure(error, sql.options);
  }
}

const tooOld = (): MigrationError =>
  new MigrationError(`PostgreSQL is too old: Rondo needs PostgreSQL ${oldestServer} or newer.`);
