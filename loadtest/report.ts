import { type Column, markdownTable } from "./markdown.ts";

/** A table for people: the first column left, numbers right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

/** What is asked of a figure, and what its runs measured. The median decides: a run that just meets its goal has not met it. */
export interface Goal {
  readonly what: string;
  readonly wanted: string;
  /** One figure a run, in `unit`. */
  readonly runs: readonly number[];
  readonly unit: string;
  readonly met: boolean;
  /** What the figure was made of: both sides of a ratio. */
  readonly further?: string;
}

/** @param runs one figure a run; a run that measured nothing is `NaN`, and makes the goal missed */
export function atLeast(what: string, runs: readonly number[], wanted: number, unit = ""): Goal {
  return { what, wanted: `≥ ${wanted}${unit}`, runs, unit, met: isMeasured(runs) && median(runs) >= wanted };
}

/** @param runs one figure a run; a run that measured nothing is `NaN`, and makes the goal missed */
export function atMost(what: string, runs: readonly number[], wanted: number, unit = ""): Goal {
  return { what, wanted: `≤ ${wanted}${unit}`, runs, unit, met: isMeasured(runs) && median(runs) <= wanted };
}

function isMeasured(runs: readonly number[]): boolean {
  return runs.length > 0 && runs.every(Number.isFinite);
}

/** The figure in the middle; the upper one of two; `NaN` of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Three significant digits. */
export function short(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** From the lowest to the highest. */
export function spread(values: readonly number[]): string {
  return values.length < 2 ? "" : `${short(Math.min(...values))} … ${short(Math.max(...values))}`;
}

const goalColumns: readonly Column[] = [
  { title: "goal" },
  { title: "wanted", number: true },
  { title: "median", number: true },
  { title: "lowest … highest", number: true },
  { title: "runs", number: true },
  { title: "" },
  { title: "of" },
];

/** As Markdown. */
export function goalTable(goals: readonly Goal[]): string {
  return markdownTable(
    goalColumns,
    goals.map(({ what, wanted, runs, unit, met, further = "" }) => [
      what,
      wanted,
      `${short(median(runs))}${unit}`,
      spread(runs),
      String(runs.length),
      met ? "met" : "**MISSED**",
      further,
    ]),
  );
}
