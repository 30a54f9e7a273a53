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

/** What a goal asks and what was measured; `met` decides the exit code of the bench. */
export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
  /** What it was made of: both figures of a ratio. */
  readonly further?: string;
}

export function atLeast(what: string, measured: number, wanted: number, unit = ""): Goal {
  return { what, wanted: `≥ ${wanted}${unit}`, measured: `${short(measured)}${unit}`, met: measured >= wanted };
}

export function atMost(what: string, measured: number, wanted: number, unit = ""): Goal {
  return { what, wanted: `≤ ${wanted}${unit}`, measured: `${short(measured)}${unit}`, met: measured <= wanted };
}

/** Three significant digits. */
export function short(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

const goalColumns: readonly Column[] = [
  { title: "goal" },
  { title: "wanted", number: true },
  { title: "measured", number: true },
  { title: "" },
  { title: "of" },
];

/** As Markdown. */
export function goalTable(goals: readonly Goal[]): string {
  return markdownTable(
    goalColumns,
    goals.map(({ what, wanted, measured, met, further = "" }) => [
      what,
      wanted,
      measured,
      met ? "met" : "**MISSED**",
      further,
    ]),
  );
}
