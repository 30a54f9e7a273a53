import type { Sql } from "@rondo/db";

/** The table that holds a month which was taken out of the trail, or why it cannot be taken out. */
export interface Begun {
  readonly part: string | null;
  readonly reason: string | null;
}

/** @param month `2025-01` */
export async function beginArchive(sql: Sql, month: string): Promise<Begun | undefined> {
  const [row] = await sql<Begun[]>`select part, reason from audit.begin_archive(${month})`;
  return row;
}

/** An entry as a line of the file, and where it stands. */
export interface ArchivedEntry {
  readonly line: string;
  readonly time: string;
  readonly event_id: string;
}

/** The next entries of a part, in the order of their time. */
export async function readPart(
  sql: Sql,
  part: string,
  behind: ArchivedEntry | undefined,
  limit: number,
): Promise<ArchivedEntry[]> {
  return await sql<ArchivedEntry[]>`
    select row_to_json(e)::text as line, time, event_id from audit.${sql(part)} e
    ${behind === undefined ? sql`` : sql`where (time, event_id) > (${behind.time}, ${behind.event_id})`}
    order by time, event_id limit ${limit}`;
}

export async function finishArchive(sql: Sql, month: string, entries: number, sha256: string): Promise<void> {
  await sql`select audit.finish_archive(${month}, ${entries}, ${sha256})`;
}
