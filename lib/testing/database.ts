import { connect, type Database, type MigrationSet, migrate, type PoolSql } from "@rondo/db";
import { testServer } from "./server.ts";

export interface TestDatabaseOptions {
  /** Migrated in this order, once per process: later databases with the same sets are copies. */
  readonly schemas?: readonly MigrationSet[];
  /** Most connections of `db`; 5. */
  readonly max?: number;
}

export interface TestDatabase extends AsyncDisposable {
  /** As the program connects: owner of its database, no superuser. Pass it to more pools. */
  readonly url: string;
  /** The same database as a superuser. */
  readonly adminUrl: string;
  readonly name: string;
  readonly db: Database;
  readonly sql: PoolSql;
  /** Closes `db`, drops the database, and fails when a connection that the test opened is still there. */
  close(): Promise<void>;
}

/** Seeding takes long on a slow machine. A test of the deadlines of a program connects as that program does. */
const longestStatementMs = 120_000;

const templates = new Map<string, Promise<string>>();
let made = 0;

/** A database of its own for a test file, at the price of a file copy. Close it in `afterAll`. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = await testServer();
  const template = await templateFor(options.schemas ?? []);
  made += 1;
  const name = `test_${made}`;
  await administer((sql) => sql.unsafe(`create database ${name} template ${template} owner rondo`));
  const url = withDatabase(server.url, name);
  const db = connect({ url, name: "test", max: options.max ?? 5, statementTimeoutMs: longestStatementMs });
  const close = async (): Promise<void> => {
    await db.close();
    await administer((sql) => dropDatabase(sql, name));
  };
  return {
    url,
    adminUrl: withDatabase(server.adminUrl, name),
    name,
    db,
    sql: db.sql,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function templateFor(schemas: readonly MigrationSet[]): Promise<string> {
  const key = new Bun.CryptoHasher("sha256").update(JSON.stringify(schemas)).digest("hex").slice(0, 16);
  const made = templates.get(key) ?? makeTemplate(`template_${key}`, schemas);
  templates.set(key, made);
  return made;
}

async function makeTemplate(name: string, schemas: readonly MigrationSet[]): Promise<string> {
  const server = await testServer();
  await administer((sql) => sql.unsafe(`create database ${name} owner rondo`));
  const db = connect({
    url: withDatabase(server.url, name),
    name: "template",
    max: 1,
    statementTimeoutMs: longestStatementMs,
  });
  try {
    for (const set of schemas) await migrate(db.sql, set);
  } finally {
    await db.close();
  }
  return name;
}

let queue: Promise<unknown> = Promise.resolve();

/** One at a time: a template must not be in use while it is copied. */
function administer<T>(fn: (sql: PoolSql) => Promise<T>): Promise<T> {
  const next = queue.then(async () => {
    const server = await testServer();
    const db = connect({
      url: server.adminUrl,
      name: "test administration",
      max: 1,
      statementTimeoutMs: longestStatementMs,
    });
    try {
      return await fn(db.sql);
    } finally {
      await db.close();
    }
  });
  queue = next.catch(() => undefined);
  return next;
}

async function dropDatabase(sql: PoolSql, name: string): Promise<void> {
  const left = await settledConnections(sql, name);
  await sql.unsafe(`drop database ${name} with (force)`);
  if (left.length > 0) throw new Error(`connections left open to the test database: ${left.join(", ")}`);
}

/** A connection that was just closed is listed for another moment. */
async function settledConnections(sql: PoolSql, name: string): Promise<string[]> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const rows = await sql<{ application_name: string }[]>`
      select application_name from pg_stat_activity where datname = ${name} and backend_type = 'client backend'`;
    if (rows.length === 0 || performance.now() > deadline) return rows.map((row) => row.application_name);
    await Bun.sleep(10);
  }
}

/** The same server and user, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
