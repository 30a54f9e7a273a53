import { DatabaseStartError } from "./errors.ts";

/** One step forward. Never edited once released: its checksum is kept in the database. */
export interface Migration {
  /** 1, 2, 3 … without a gap. */
  readonly id: number;
  readonly name: string;
  /** Statements, embedded by `import text from "./0001_x.sql" with { type: "text" }`. */
  readonly sql: string;
  /**
   * It takes away or narrows what the version before uses (drops, renames, new constraints): that version no longer starts. Without
   * it the migration only adds, and the version before goes on working beside it: going back one version stays possible.
   */
  readonly contract?: boolean;
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

/** A migration as the database remembers it. */
export interface Applied {
  readonly id: number;
  readonly name: string;
  readonly checksum: string;
  readonly contract: boolean;
}

/** @throws MigrationError when what was applied was edited, or is beyond this program by a contract step */
export function compare(schema: string, done: readonly Applied[], migrations: readonly Migration[]): void {
  for (const [index, row] of done.entries()) {
    const ours = migrations[index];
    if (ours === undefined) {
      if (!row.contract) continue;
      throw new MigrationError(
        `The database schema "${schema}" is newer than this program: it has migration ${row.id} (${row.name}), ` +
          `which takes away what this program uses; it knows ${migrations.length}. Start a newer version.`,
      );
    }
    if (checksum(ours.sql) !== row.checksum) {
      throw new MigrationError(
        `Migration ${label(schema, ours)} was changed after it had been applied. Undo the change and add a new migration instead.`,
      );
    }
  }
}

/** @throws MigrationError unless they are numbered 1, 2, 3 … */
export function checkOrder({ schema, migrations }: MigrationSet): void {
  for (const [index, migration] of migrations.entries()) {
    if (migration.id === index + 1) continue;
    throw new MigrationError(
      `The migrations of "${schema}" must be numbered 1, 2, 3 …: ${migration.name} is ${migration.id}.`,
    );
  }
}

export const label = (schema: string, migration: Migration): string => `${schema}/${migration.id} (${migration.name})`;

/** SHA-256 of the statements; line ends do not count, for a checkout may change them. */
export function checksum(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex");
}
