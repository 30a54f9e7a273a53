import { resolve } from "node:path";
import { command, type Report } from "../cli/command.ts";
import { UsageError } from "../cli/option.ts";
import { counted } from "../cli/table.ts";
import { type DatabaseValues, databaseOptions, dataDirOf } from "../database/options.ts";

const { databaseUrl: _, ...folderOptions } = databaseOptions;

export const restoreCommand = command({
  name: "restore",
  summary: "makes a data folder from the file of a backup",
  about:
    "makes a data folder from the file of a backup: all data, and the secret that signs sessions.\n\n" +
    "The folder must be empty or missing. The file is checked first; when anything goes wrong nothing is left behind.",
  words: "file",
  options: folderOptions,
  run: (values, words) => {
    const [file, ...more] = words;
    if (file === undefined || more.length > 0) throw new UsageError("restore needs the name of one file");
    return restore({ ...values, databaseUrl: undefined }, resolve(file));
  },
});

async function restore(values: DatabaseValues, file: string): Promise<Report> {
  const { migrationSets } = await import("../migrate/sets.ts");
  const { restoreInto } = await import("./restore.ts");
  const dataDir = await dataDirOf(values);
  const { header, tables } = await restoreInto(dataDir, file, await migrationSets());
  const lines = [`${dataDir}: ${counted(tables.length, "table")} as of ${header.made_at}`];
  if (header.secrets === null)
    lines.push(
      "The backup holds no secret: start Rondo with the RONDO_AUTH_SECRET that it had, or everybody is signed out.",
    );
  const json = {
    data_dir: dataDir,
    tables: tables.length,
    made_at: header.made_at,
    has_secret: header.secrets !== null,
  };
  return { json, text: lines.join("\n"), ok: true };
}
