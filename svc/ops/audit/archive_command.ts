import { resolve } from "node:path";
import { text } from "@rondo/config";
import type { Sql } from "@rondo/db";
import { command, type Report } from "../cli/command.ts";
import { option, switchOf, UsageError } from "../cli/option.ts";
import { counted } from "../cli/table.ts";
import { databaseOptions, withDatabase } from "../database/options.ts";

export const auditArchiveCommand = command({
  name: "audit archive",
  summary: "takes a month out of the audit trail into a file",
  about:
    "takes a month out of the audit trail into a file, one entry a line as JSON, with its checksum beside it.\n\n" +
    "No list shows the month any more, and an event of it that comes late is refused. What was interrupted goes on when it is asked for again.",
  words: "month",
  options: {
    to: option(text({ name: "--to", description: "The folder for the file.", example: "/backup" })),
    yes: switchOf("--yes", "Do it; without it, what would be done is said, and nothing is."),
    ...databaseOptions,
  },
  run: (values, words) => {
    const [month] = words;
    if (words.length !== 1 || month === undefined || !/^\d{4}-(0[1-9]|1[0-2])$/.test(month))
      throw new UsageError("audit archive needs one month like 2025-01");
    if (!values.yes) throw new UsageError(`this would take ${month} out of the trail; add --yes to do it`);
    return withDatabase(values, ({ sql }) => archive(sql, month, resolve(values.to)));
  },
});

async function archive(sql: Sql, month: string, folder: string): Promise<Report> {
  const { archiveMonth } = await import("./archive.ts");
  const archived = await archiveMonth(sql, month, folder);
  if (typeof archived === "string") return { json: { ok: false, month, reason: archived }, text: archived, ok: false };
  const { entries, file } = archived;
  const said = `${month}: ${counted(entries, "event")} in ${file}`;
  return { json: { ok: true, month, ...archived }, text: said, ok: true };
}
