import { resolve } from "node:path";
import { command, type Report } from "../cli/command.ts";
import { UsageError } from "../cli/option.ts";
import { counted } from "../cli/table.ts";
import { type DatabaseValues, databaseOptions, dataDirOf, withDatabase } from "../database/options.ts";

export const backupCommand = command({
  name: "backup",
  summary: "writes everything into one file, while Rondo runs",
  about:
    "writes everything into one new file, while Rondo runs: all data as of one moment, and the secret that signs sessions.\n\n" +
    "Whoever has the file can sign in as anybody and read everything: keep it like a password, encrypted where others may reach it.",
  words: "file",
  options: databaseOptions,
  run: (values, words) => {
    const [file, ...more] = words;
    if (file === undefined || more.length > 0) throw new UsageError("backup needs the name of one file");
    return backUp(values, resolve(file));
  },
});

async function backUp(values: DatabaseValues, file: string): Promise<Report> {
  const { dump, oneMoment } = await import("./dump.ts");
  const { readSecrets } = await import("./secrets.ts");
  const { writeBackup } = await import("./write.ts");
  const secrets = readSecrets(await dataDirOf(values));
  let tables = 0;
  const count = () => {
    tables += 1;
  };
  const written = await withDatabase(values, ({ sql }) =>
    sql.begin(oneMoment, (tx) => writeBackup(file, dump(tx, secrets, count))),
  );
  const lines = [`${file}: ${counted(tables, "table")}, ${written.bytes} bytes`];
  if (secrets === null)
    lines.push(
      "The secret that signs sessions is not in it, for it is not in the data folder: keep RONDO_AUTH_SECRET, too.",
    );
  return { json: { file, tables, ...written, has_secret: secrets !== null }, text: lines.join("\n"), ok: true };
}
