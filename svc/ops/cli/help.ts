import type { Command } from "./command.ts";
import type { Option } from "./option.ts";

export const programName = "rondo-ops";

/** The list of commands. */
export function overview(commands: readonly Command[]): string {
  const longest = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(longest)}  ${summary}\n`).join("");
  return `${programName}: looks after a deployment of Rondo.

Usage: ${programName} COMMAND [options]

${lines}
${programName} COMMAND --help says what a command does and takes.
Exit codes: 0 all is well, 1 something failed or is not as it should be, 2 the command was not understood.
`;
}

export function helpOf({ name, about, words, options }: Command): string {
  const all = Object.values(options);
  const flags = all.filter((one) => one.flag !== undefined);
  const environment = all.filter((one) => one.environment);
  const usage = [programName, name, ...(words === undefined ? [] : [words]), "[options]"].join(" ");
  const parts = [`${programName} ${name}: ${about}`, `Usage: ${usage}`, `Options:\n${flags.map(optionLines).join("")}`];
  if (environment.length > 0) parts.push(`Environment:\n${environment.map(variableLines).join("")}`);
  return `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;
}

function optionLines({ flag = "", variable, isSwitch, environment }: Option<unknown>): string {
  if (isSwitch) return `  ${flag}\n      ${variable.description}\n`;
  if (environment) return `  ${flag}=…\n      Instead of ${variable.name}.\n`;
  return `  ${flag}=…\n      ${variable.description} ${standard(variable)}\n`;
}

function variableLines({ variable }: Option<unknown>): string {
  return `  ${variable.name}\n      ${variable.description} ${standard(variable)}\n`;
}

function standard({ default: usual, optional, example }: Option<unknown>["variable"]): string {
  const without = usual === undefined ? (optional ? "Optional" : "Required") : `Default ${usual}`;
  return `${without}, for example ${example}.`;
}
