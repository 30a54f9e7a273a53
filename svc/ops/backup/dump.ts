import type { Tx } from "@rondo/db";
import { endOfRows, type Footer, formatName, formatVersion, type Header } from "./format.ts";
import {
  countPages,
  readMigrations,
  readPartitions,
  readSchemas,
  readSequences,
  readTables,
  readUnfinishedArchives,
  type TableShape,
} from "./queries.ts";

/** How a transaction for `dump` begins. */
export const oneMoment = "isolation level repeatable read read only";

/**
 * Everything in the database as of one moment, while the program goes on working: a transaction begun with `oneMoment` sees all
 * tables as they were when it began. `secrets` is the text of `secrets.json`; `onTable` is told of each table.
 * @throws Error in one line when there is nothing to back up, or a month of the audit trail is on its way out
 */
export async function* dump(
  tx: Tx,
  secrets: string | null,
  onTable: (table: TableShape) => void,
): AsyncGenerator<Buffer | string> {
  await tx.unsafe(
    "set local transaction_timeout = 0; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0",
  );
  const schemas = await readSchemas(tx);
  if (schemas.length === 0) throw new Error("there is nothing to back up: no Rondo has used this database yet");
  await refuseUnfinishedArchive(tx);
  yield line(await headerOf(tx, schemas, secrets));
  for (const table of await readTables(tx, schemas)) {
    yield line({ table });
    yield* rowsOf(tx, table);
    yield endOfRows;
    onTable(table);
  }
  yield line({ sequences: await readSequences(tx, schemas) } satisfies Footer);
}

/** Its entries stand in a table that no migration makes, so a restore would have no place for them. */
async function refuseUnfinishedArchive(tx: Tx): Promise<void> {
  const [month] = await readUnfinishedArchives(tx);
  if (month === undefined) return;
  const command = `rondo-ops audit archive ${month} --to=FOLDER --yes`;
  throw new Error(`the archive of ${month} is unfinished: finish it with "${command}", then back up again`);
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

async function headerOf(tx: Tx, schemas: readonly string[], secrets: string | null): Promise<Header> {
  const [server] = await tx<{ version: string; now: string }[]>`
    select current_setting('server_version') as version, now() as now`;
  const applied: Header["schemas"] = [];
  for (const schema of schemas) applied.push({ schema, migrations: await readMigrations(tx, schema) });
  return {
    format: formatName,
    version: formatVersion,
    made_at: server?.now ?? "",
    postgresql: server?.version ?? "",
    schemas: applied,
    partitions: await readPartitions(tx, schemas),
    secrets,
  };
}

const pagesAtOnce = 256;

/**
 * In pieces of some megabytes, by where the rows lie: the driver's stream stalls for ever on Bun once its reader is slower than
 * PostgreSQL (tried with 60 MB), and one COPY of a whole table would fill the memory without it. Rows that the transaction sees
 * do not move. `select`, for COPY itself does not read a partitioned table.
 */
async function* rowsOf(tx: Tx, { schema, name, columns }: TableShape): AsyncGenerator<Buffer> {
  const pages = await countPages(tx, schema, name);
  for (let page = 0; page < pages; page += pagesAtOnce) {
    const rows = await tx`copy (
      select ${tx([...columns])} from ${tx(schema)}.${tx(name)}
      where ctid >= ${tx.unsafe(`'(${page},0)'`)} and ctid < ${tx.unsafe(`'(${page + pagesAtOnce},0)'`)}
    ) to stdout`.readable();
    yield await collected(rows);
  }
}

function collected(rows: NodeJS.ReadableStream): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const pieces: Uint8Array[] = [];
  rows.on("data", (piece: Uint8Array) => pieces.push(piece));
  rows.on("end", () => resolve(Buffer.concat(pieces)));
  rows.on("error", reject);
  return promise;
}
