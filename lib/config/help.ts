import type { Spec } from "./load.ts";
import type { Variable } from "./variable.ts";

/** What `--help` prints: the program, and each variable with its meaning, default and an example. */
export function helpText(program: string, description: string, spec: Spec): string {
  const variables = Object.values(spec)
    .map(
      (variable) =>
        `  ${variable.name}\n      ${variable.description}\n      ${standard(variable)}, for example ${variable.example}\n`,
    )
    .join("");
  return `${program}: ${description}\n\nUsage: ${program} [--help]\n\nIt is configured by environment variables:\n\n${variables}`;
}

/** The same as a Markdown table, for a README. */
export function markdownTable(spec: Spec): string {
  const rows = Object.values(spec).map((variable) =>
    [`\`${variable.name}\``, variable.description, standardCell(variable), `\`${variable.example}\``].map((cell) =>
      cell.replaceAll("|", "\\|"),
    ),
  );
  const head = ["variable", "what it is for", "default", "example"];
  // Padded as the formatter pads tables, so that the two never disagree about a document.
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill = " "): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |\n`;
  return `${line(head)}${line(["", "", "", ""], "-")}${rows.map((row) => line(row)).join("")}`;
}

function standard(variable: Variable<unknown>): string {
  if (variable.default !== undefined) return `default ${variable.default}`;
  return variable.optional ? "optional" : "required";
}

function standardCell(variable: Variable<unknown>): string {
  return variable.default === undefined ? standard(variable) : `\`${variable.default}\``;
}
