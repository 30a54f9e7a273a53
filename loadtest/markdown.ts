import { readFileSync, writeFileSync } from "node:fs";

export interface Column {
  readonly title: string;
  /** To the right. */
  readonly number?: true;
}

/** A table as the formatter leaves it: every cell as wide as its column. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const padded = (cell: string, at: number) =>
    columns[at]?.number ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
  const rule = widths.map((width, at) => (columns[at]?.number ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  const line = (row: readonly string[]) => `| ${row.map(padded).join(" | ")} |`;
  return [line(titles), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** The cells of such a table, without its head. */
export function cellsIn(table: string): readonly (readonly string[])[] {
  const lines = table.split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(2).map((line) =>
    line
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.trim()),
  );
}

/**
 * Puts what was measured between `<!-- name -->` and `<!-- /name -->` of a document; `make` is given what stood there.
 * Throws when the document has no such place.
 */
export function replaceMeasured(document: string, name: string, make: (older: string) => string): void {
  const text = readFileSync(document, "utf8");
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no place between ${begin} and ${end}`);
  const older = text.slice(from + begin.length, to);
  writeFileSync(document, `${text.slice(0, from)}${begin}\n\n${make(older)}\n\n${text.slice(to)}`);
}
