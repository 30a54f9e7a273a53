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
  const rows = Object.values(spec).map((variable) => {
    const cells = [`\`${variable.name}\``, variable.description, standardCell(variable), `\`${variable.example}\``];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  });
  return `| variable | what it is for | default | example |\n|---|---|---|---|\n${rows.join("")}`;
}

function standard(variable: Variable<unknown>): string {
  if (variable.default !== undefined) return `default ${variable.default}`;
  return variable.optional ? "optional" : "required";
}

function standardCell(variable: Variable<unknown>): string {
  return variable.default === undefined ? standard(variable) : `\`${variable.default}\``;
}
