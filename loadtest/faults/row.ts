import { type Column, cellsIn, markdownTable } from "../markdown.ts";
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

const head: readonly Column[] = [
  { title: "fault" },
  { title: "engine" },
  { title: "times", number: true },
  { title: "acknowledged", number: true },
  { title: "other answers", number: true },
  { title: "lost", number: true },
  { title: "doubled", number: true },
  { title: "out of order", number: true },
  { title: "flows after", number: true },
  { title: "further" },
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

/**
 * As Markdown, the engines of a fault one below the other. With an older table: what is new comes in the place of what it had for the
 * same fault and engine, or behind it.
 */
export function faultTable(rows: readonly Row[], older = ""): string {
  const name = ([fault = "", engine = ""]: readonly string[]) => `${fault} ${engine}`;
  const lines = new Map(cellsIn(older).map((cells) => [name(cells), cells]));
  for (const cells of rows.map(cellsOf)) lines.set(name(cells), cells);
  const byFault = Map.groupBy(lines.values(), ([fault]) => fault);
  return markdownTable(head, [...byFault.values()].flat());
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)} s`;

export const thousands = (value: number): string => value.toLocaleString("en");
