import { open, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sql } from "@rondo/db";
import { beginArchive, finishArchive, readPart } from "./queries.ts";

const batchSize = 5_000;

/** Where a month went. */
export interface Archived {
  readonly file: string;
  readonly entries: number;
  readonly sha256: string;
}

/**
 * Takes a month out of the trail into `<folder>/audit-<month>.jsonl`, with its checksum beside it. The database gives the month up only
 * when the file was read back; whatever interrupts this, another call goes on.
 * @param month `2025-01`
 * @returns where it went, or why it cannot
 */
export async function archiveMonth(sql: Sql, month: string, folder: string): Promise<Archived | string> {
  const begun = await beginArchive(sql, month);
  if (begun === undefined || begun.part === null) return begun?.reason ?? `${month} cannot be archived`;
  const name = `audit-${month}.jsonl`;
  const file = join(folder, name);
  const { entries, sha256 } = await writePart(sql, begun.part, file);
  if ((await sha256Of(file)) !== sha256)
    return `${file} does not read back as it was written; the month stays beside the trail`;
  await writeFile(`${file}.sha256`, `${sha256}  ${name}\n`, { flush: true });
  await finishArchive(sql, month, entries, sha256);
  return { file, entries, sha256 };
}

/** Complete or not there: it has its name only when it is on the disk. */
async function writePart(sql: Sql, part: string, file: string): Promise<Pick<Archived, "entries" | "sha256">> {
  const hash = new Bun.CryptoHasher("sha256");
  const unfinished = `${file}.unfinished`;
  let entries = 0;
  await using handle = await open(unfinished, "w", 0o600);
  for (let batch = await readPart(sql, part, undefined, batchSize); batch.length > 0; ) {
    const text = batch.map(({ line }) => `${line}\n`).join("");
    hash.update(text);
    await handle.write(text);
    entries += batch.length;
    batch = await readPart(sql, part, batch.at(-1), batchSize);
  }
  await handle.sync();
  await rename(unfinished, file);
  return { entries, sha256: hash.digest("hex") };
}

async function sha256Of(file: string): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(file).stream()) hash.update(chunk);
  return hash.digest("hex");
}
