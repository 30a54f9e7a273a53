import { type } from "arktype";

/**
 * A backup is one gzip file of lines: the header as JSON; for each table a line of JSON with its shape, its rows as PostgreSQL's
 * COPY writes them (text), and a line `\.`; the footer as JSON; `sha256` of all that stands before. `zcat` shows it.
 */
export const formatName = "rondo-backup";
export const formatVersion = 1;

export const endOfRows = Buffer.from("\\.\n");

/** `sha256 `, 64 digits and the line end. */
export const checksumBytes = 72;

const migration = type({ id: "number", name: "string", checksum: "string" });
const table = type({ schema: "string", name: "string", columns: "string[]" });
const partition = type({
  schema: "string",
  name: "string",
  parent_schema: "string",
  parent: "string",
  bound: "string",
  /** Missing in the first backups. */
  "statements?": "string[]",
});
const sequence = type({ schema: "string", name: "string", last_value: "number", is_called: "boolean" });

/** What stands first: enough to refuse a backup before anything is made. */
export const header = type({
  format: type.unit(formatName),
  version: "number",
  made_at: "string",
  postgresql: "string",
  schemas: type({ schema: "string", migrations: migration.array() }).array(),
  partitions: partition.array(),
  /** The text of `secrets.json`; null where the secret comes from the environment. */
  secrets: "string | null",
});
export type Header = typeof header.infer;

/** Before the rows of each table. */
export const tableHead = type({ table });
export const footer = type({ sequences: sequence.array() });
export type Footer = typeof footer.infer;
