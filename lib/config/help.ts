import { engineName, type Spec } from "./load.ts";
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

/** The same as a Markdown table for a README, its columns aligned as the formatter wants them. */
export function markdownTable(spec: Spec): string {
  const head = ["variable", "what it is for", "default", "example"];
  const rows = Object.values(spec).map((variable) =>
    [`\`${variable.name}\``, variable.description, standardCell(variable), `\`${variable.example}\``].map((cell) =>
      cell.replaceAll("|", "\\|"),
    ),
  );
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? title.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`;
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("");
}

function standard(variable: Variable<unknown>): string {
  if (variable.default !== undefined) return `default ${variable.default}`;
  if (variable.optional) return "optional";
  return variable.engine === undefined ? "required" : `required with ${engineName}=${variable.engine}`;
}

function standardCell(variable: Variable<unknown>): string {
  return variable.default === undefined ? standard(variable) : `\`${variable.default}\``;
}
