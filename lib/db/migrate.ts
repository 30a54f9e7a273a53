import type { PoolSql, Sql, Tx } from "./connect.ts";
import { DatabaseStartError, errorCode, startFailure } from "./errors.ts";

/** One step forward. Never edited once released: its checksum is kept in the database. */
export interface Migration {
  /** 1, 2, 3 … without a gap. */
  readonly id: number;
  readonly name: string;
  /** Statements, embedded by `import text from "./0001_x.sql" with { type: "text" }`. */
  readonly sql: string;
}

/** A schema and everything that builds it. */
export interface MigrationSet {
  readonly schema: string;
  readonly migrations: readonly Migration[];
}

/** The schema cannot be brought to, or is beyond, what this program knows. The message is one clear line. */
export class MigrationError extends DatabaseStartError {
  override readonly name = "MigrationError";
}

interface Applied {
  readonly id: number;
  readonly name: string;
  readonly checksum: string;
}

const oldestServer = 17;

/**
 * Brings `schema` to this program's version, and returns the names of the migrations that this call applied. Any number
 * of starters may call it at once: an advisory lock lets one work while the others wait. Each migration commits alone.
 * Throws `MigrationError` when PostgreSQL is older than 17, when an applied migration was edited, or when the schema is
 * newer than the program; nothing is changed then.
 */
export async function migrate(sql: PoolSql, set: MigrationSet): Promise<string[]> {
  checkOrder(set);
  await serverVersion(sql);
  const applied: string[] = [];
  for (;;) {
    const name = await sql.begin((tx) => applyNext(tx, set));
    if (name === undefined) return applied;
    applied.push(name);
  }
}

/** The names of the migrations that `migrate` would apply now. Changes nothing, and throws where `migrate` would. */
export async function pendingMigrations(sql: PoolSql, set: MigrationSet): Promise<string[]> {
  checkOrder(set);
  await serverVersion(sql);
  const done = await readDone(sql, set.schema);
  compare(set.schema, done, set.migrations);
  return set.migrations.slice(done.length).map(({ name }) => name);
}

async function applyNext(tx: Tx, { schema, migrations }: MigrationSet): Promise<string | undefined> {
  // A migration of a large table may take its time, and so may the other starter that we wait for.
  await tx.unsafe("set local transaction_timeout = 0; set local statement_timeout = 0; set local lock_timeout = 0");
  await tx`select pg_advisory_xact_lock(hashtextextended(${`rondo migrate ${schema}`}, 0))`;
  const done = await readDone(tx, schema);
  compare(schema, done, migrations);
  const next = migrations[done.length];
  if (next === undefined) return undefined;
  if (done.length === 0) await createTable(tx, schema);
  try {
    await tx.unsafe(next.sql);
  } catch (error) {
    const code = errorCode(error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`Migration ${label(schema, next)} failed: ${reason}${code ? ` (${code})` : ""}`, error);
  }
  await tx`insert into ${tx(schema)}.migration (id, name, checksum)
    values (${next.id}, ${next.name}, ${checksum(next.sql)})`;
  return next.name;
}

async function readDone(sql: Sql, schema: string): Promise<Applied[]> {
  const known = await sql`select 1 from pg_tables where schemaname = ${schema} and tablename = 'migration'`;
  if (known.length === 0) return [];
  return await sql<Applied[]>`select id, name, checksum from ${sql(schema)}.migration order by id`;
}

async function createTable(tx: Tx, schema: string): Promise<void> {
  await tx`create schema if not exists ${tx(schema)}`;
  await tx`create table if not exists ${tx(schema)}.migration (
    id integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz(3) not null default now()
  )`;
}

function compare(schema: string, done: readonly Applied[], migrations: readonly Migration[]): void {
  for (const [index, row] of done.entries()) {
    const ours = migrations[index];
    if (ours === undefined || ours.id !== row.id) {
      throw new MigrationError(
        `The database schema "${schema}" is newer than this program: it has migration ${row.id} (${row.name}), ` +
          `this program knows ${migrations.length}. Start a newer version.`,
      );
    }
    if (checksum(ours.sql) !== row.checksum) {
      throw new MigrationError(
        `Migration ${label(schema, ours)} was changed after it had been applied. Undo the change and add a new migration instead.`,
      );
    }
  }
}

function checkOrder({ schema, migrations }: MigrationSet): void {
  for (const [index, migration] of migrations.entries()) {
    if (migration.id === index + 1) continue;
    throw new MigrationError(
      `The migrations of "${schema}" must be numbered 1, 2, 3 …: ${migration.name} is ${migration.id}.`,
    );
  }
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

const label = (schema: string, migration: Migration): string => `${schema}/${migration.id} (${migration.name})`;

/** SHA-256 of the statements; line ends do not count, for a checkout may change them. */
function checksum(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex");
}
