import type { Database, MigrationSet } from "@rondo/db";
import { command, type Report } from "../cli/command.ts";
import { switchOf } from "../cli/option.ts";
import { counted, table } from "../cli/table.ts";
import { databaseOptions, withDatabase } from "../database/options.ts";

interface Row {
  readonly schema: string;
  /** The version it has now. */
  readonly version: number;
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

export const migrateCommand = command({
  name: "migrate",
  summary: "brings the schemas of all services up to date",
  about:
    "brings the schemas of all services up to date, and says what it did.\n\n" +
    "Any number of these, and of starting services, may run at the same time. A schema that is newer than this program\n" +
    "by a contract step, or that was changed by hand, is refused and left alone.",
  options: {
    check: switchOf("--check", "Change nothing; a migration that is pending is a failure."),
    ...databaseOptions,
  },
  run: (values) =>
    withDatabase(values, async (db) => {
      const { migrationSets } = await import("./sets.ts");
      const rows: Row[] = [];
      for (const set of await migrationSets()) rows.push(await bringUp(db, set, values.check));
      return report(rows);
    }),
});

async function bringUp({ sql }: Database, set: MigrationSet, check: boolean): Promise<Row> {
  const { migrate, pendingMigrations } = await import("@rondo/db");
  const applied = check ? [] : await migrate(sql, set);
  const pending = check ? await pendingMigrations(sql, set) : [];
  return { schema: set.schema, version: set.migrations.length - pending.length, applied, pending };
}

function report(rows: readonly Row[]): Report {
  const pending = rows.reduce((sum, row) => sum + row.pending.length, 0);
  const listed = table<Row>(
    [
      { title: "SCHEMA", cell: ({ schema }) => schema },
      { title: "VERSION", cell: ({ version }) => version },
      { title: "APPLIED", cell: ({ applied }) => applied.join(", ") || "-" },
      { title: "PENDING", cell: ({ pending }) => pending.join(", ") || "-" },
    ],
    rows,
  );
  const ok = pending === 0;
  const hint = ok ? [] : [`${counted(pending, "migration")} pending: run rondo-ops migrate without --check`];
  return { json: { ok, schemas: rows }, text: [listed, ...hint].join("\n"), ok };
}
