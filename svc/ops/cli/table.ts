/** A column: its title, and what it shows of a row. Numbers stand to the right. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string | number;
}

/** Aligned columns with a line of titles, two spaces between them and none at the end of a line. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...cells.map((line) => width(line[at] ?? ""))));
  const isNumber = columns.map((_, at) => cells.length > 0 && cells.every((line) => typeof line[at] === "number"));
  const line = (values: readonly (string | number)[]): string =>
    values
      .map((value, at) => {
        const room = " ".repeat(Math.max(0, (widths[at] ?? 0) - width(value)));
        return isNumber[at] ? `${room}${value}` : `${value}${room}`;
      })
      .join("  ")
      .trimEnd();
  return [columns.map(({ title }) => title), ...cells].map(line).join("\n");
}

/** One line of text, at most so long. */
export function oneLine(text: string, most = 80): string {
  const flat = text.replaceAll(/[\s\p{C}]+/gu, " ").trim();
  return flat.length <= most ? flat : `${flat.slice(0, most - 1)}…`;
}

/** `1 task`, `2 tasks` */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

/** `850 ms`, `12 s`, `3 min`, `5 h`, `2 d`: what a person wants to know of a span of time. */
export function span(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const [unit, size] = units.find(([, least]) => milliseconds >= least) ?? ["s", 1_000];
  return `${Math.floor(milliseconds / size)} ${unit}`;
}

const units: readonly [name: string, milliseconds: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
];

function width(value: string | number): number {
  return Bun.stringWidth(String(value));
}
