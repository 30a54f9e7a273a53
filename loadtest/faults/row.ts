import type { Counted } from "./ledger.ts";

/** One fault on one engine, as a line of the table. */
export interface Row extends Counted {
  readonly fault: string;
  readonly engine: "local" | "dapr";
  readonly times: number;
  /** The longest, from the end of the fault until new changes reached the trail; undefined where nothing was interrupted. */
  readonly recovered_ms?: number;
  /** What else was asked for, in words. */
  readonly further: string;
  /** What was promised beyond that nothing is lost, doubled or out of order. */
  readonly kept: boolean;
}

export const isKept = ({ lost, doubled, disordered, kept }: Row): boolean =>
  lost === 0 && doubled === 0 && disordered === 0 && kept;

const head = [
  "fault",
  "engine",
  "times",
  "acknowledged",
  "other answers",
  "lost",
  "doubled",
  "out of order",
  "flows after",
  "further",
];

const cellsOf = (row: Row): readonly string[] => [
  row.fault,
  row.engine,
  String(row.times),
  thousands(row.acknowledged),
  thousands(row.refused),
  String(row.lost),
  String(row.doubled),
  String(row.disordered),
  row.recovered_ms === undefined ? "–" : seconds(row.recovered_ms),
  `${row.further}${isKept(row) ? "" : " **NOT KEPT**"}`,
];

/** As Markdown. With an older table: what is new comes in the place of what it had for the same fault and engine, or behind it. */
export function faultTable(rows: readonly Row[], older = ""): string {
  const name = ([fault = "", engine = ""]: readonly string[]) => `${fault} ${engine}`;
  const lines = new Map(cellsIn(older).map((cells) => [name(cells), cells]));
  for (const cells of rows.map(cellsOf)) lines.set(name(cells), cells);
  return render([...lines.values()]);
}

/** The cells of a table, without its head. */
function cellsIn(table: string): readonly (readonly string[])[] {
  const lines = table.split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(2).map((line) =>
    line
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.trim()),
  );
}

function render(rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number) => column >= 2 && column <= 8;
  const last = head.length - 1;
  const padded = (cell: string, column: number): string => {
    if (column === last) return cell;
    return isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  };
  const line = (row: readonly string[]) => `| ${row.map(padded).join(" | ")} |`;
  const rule = widths.map((width, column) => {
    if (column === last) return "-------";
    return isNumber(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width);
  });
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)} s`;

export const thousands = (value: number): string => value.toLocaleString("en");
