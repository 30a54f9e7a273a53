import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { connect, type MigrationSet, migrate, type PoolSql, type Tx } from "@rondo/db";
import { type } from "arktype";
import { footer, formatVersion, type Header, header, tableHead } from "./format.ts";
import { readMigrations, readPartitions, type TableShape } from "./queries.ts";
import { BackupError, type BackupReader } from "./read.ts";

/** @throws BackupError when it is not ours, or of another version of the format */
export async function readHeader(reader: BackupReader): Promise<Header> {
  const found = header(await reader.json());
  if (found instanceof type.errors) throw new BackupError("the file is no backup of Rondo.");
  if (found.version > formatVersion)
    throw new BackupError("the backup was made by a newer Rondo: restore it with that version.");
  return found;
}

/**
 * The migrations that lead to the schemas of the backup.
 * @throws BackupError when this program does not know them all
 */
export function setsOf({ schemas }: Header, known: readonly MigrationSet[]): MigrationSet[] {
  return schemas.map(({ schema, migrations }) => {
    const set = known.find((one) => one.schema === schema);
    const ours = set?.migrations.slice(0, migrations.length) ?? [];
    const newest = migrations.at(-1);
    if (ours.length < migrations.length || ours.at(-1)?.name !== newest?.name)
      throw new BackupError(
        `the backup was made by a newer Rondo (schema ${schema}, migration ${newest?.id}: ${newest?.name}): restore it with that version.`,
      );
    return { schema, migrations: ours };
  });
}

/**
 * Fills an empty database. `url`: the program's own user, who will own the tables; `adminUrl`: a superuser in the same database, who
 * may switch triggers and foreign keys off, for what they would do was done when the rows were first written.
 */
export async function load(
  reader: BackupReader,
  header: Header,
  sets: readonly MigrationSet[],
  { url, adminUrl }: { readonly url: string; readonly adminUrl: string },
): Promise<readonly TableShape[]> {
  await using owner = disposable(url);
  for (const set of sets) await migrate(owner.sql, set);
  await refuseOtherMigrations(owner.sql, header);
  await makePartitions(owner.sql, header);
  await using admin = disposable(adminUrl);
  const tables = await admin.sql.begin((tx) => loadRows(tx, reader));
  await admin.sql.unsafe("set statement_timeout = 0; analyze");
  return tables;
}

/**
 * The partitions of the backup, and no others: those that the migrations have just made for an empty database are of today, and may
 * overlap one of the backup.
 */
async function makePartitions(sql: PoolSql, { schemas, partitions }: Header): Promise<void> {
  const nameOf = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`;
  const own = await readPartitions(
    sql,
    schemas.map(({ schema }) => schema),
  );
  const kept = new Set(partitions.map(nameOf));
  // "if exists", for one may have gone with its parent.
  for (const { schema, name } of own.filter((one) => !kept.has(nameOf(one))))
    await sql`drop table if exists ${sql(schema)}.${sql(name)}`;
  const there = new Set(own.map(nameOf));
  for (const one of partitions.filter((each) => !there.has(nameOf(each)))) {
    const { schema, name, parent_schema, parent, bound, statements = [] } = one;
    await sql`create table ${sql(schema)}.${sql(name)} partition of ${sql(parent_schema)}.${sql(parent)} ${sql.unsafe(bound)}`;
    for (const statement of statements) await sql.unsafe(statement);
  }
}

/** The same names with other statements: tables that look alike and are not. */
async function refuseOtherMigrations(sql: PoolSql, { schemas }: Header): Promise<void> {
  for (const { schema, migrations } of schemas) {
    const ours = await readMigrations(sql, schema);
    const other = migrations.find(({ checksum }, at) => ours[at]?.checksum !== checksum);
    if (other !== undefined)
      throw new BackupError(
        `migration ${schema}/${other.id} (${other.name}) of the backup is not the one of this program.`,
      );
  }
}

async function loadRows(tx: Tx, reader: BackupReader): Promise<TableShape[]> {
  await tx.unsafe(
    "set local transaction_timeout = 0; set local statement_timeout = 0; set local session_replication_role = replica",
  );
  const tables: TableShape[] = [];
  for (;;) {
    const next = await reader.json();
    const found = tableHead(next);
    if (found instanceof type.errors) {
      await setSequences(tx, next);
      return tables;
    }
    await loadTable(tx, found.table, reader.rows());
    tables.push(found.table);
  }
}

async function loadTable(tx: Tx, { schema, name, columns }: TableShape, rows: AsyncGenerator<Buffer>): Promise<void> {
  // Migrations have left some rows of their own; a table without is not touched, for the trail refuses even an empty deletion.
  const [own] = await tx`select from ${tx(schema)}.${tx(name)} limit 1`;
  if (own !== undefined) await tx`delete from ${tx(schema)}.${tx(name)}`;
  const into = await tx`copy ${tx(schema)}.${tx(name)} (${tx([...columns])}) from stdin`.writable();
  await pipeline(Readable.from(rows), into);
}

async function setSequences(tx: Tx, value: unknown): Promise<void> {
  const found = footer(value);
  if (found instanceof type.errors) throw new BackupError("the backup is damaged: its sequences cannot be read.");
  for (const { schema, name, last_value, is_called } of found.sequences)
    await tx`select setval(format('%I.%I', ${schema}::text, ${name}::text)::regclass, ${last_value}, ${is_called})`;
}

function disposable(url: string): { readonly sql: PoolSql } & AsyncDisposable {
  const db = connect({ url, name: "rondo-ops restore", max: 1 });
  return { sql: db.sql, [Symbol.asyncDispose]: db.close };
}
