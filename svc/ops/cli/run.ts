import { nearest } from "@rondo/config";
import type { Command } from "./command.ts";
import { helpOf, overview, programName } from "./help.ts";
import { UsageError } from "./option.ts";

/** Where a command line is carried out. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal. */
  readonly terminal: boolean;
}

export interface Outcome {
  /** 0: well, 1: failed or unhealthy, 2: not understood. */
  readonly code: 0 | 1 | 2;
  /** For standard output. */
  readonly output: string;
  /** For standard error. */
  readonly complaint: string;
}

/** Carries out one command line. */
export async function runCommandLine(
  commands: readonly Command[],
  argv: readonly string[],
  around: Surroundings,
): Promise<Outcome> {
  try {
    return await carryOut(commands, argv, around);
  } catch (error) {
    const complaint = linesOf(error).map((line) => `${programName}: ${line}\n`);
    return { code: error instanceof UsageError ? 2 : 1, output: "", complaint: complaint.join("") };
  }
}

async function carryOut(
  commands: readonly Command[],
  argv: readonly string[],
  { environment, terminal }: Surroundings,
): Promise<Outcome> {
  const said = (output: string, ok = true): Outcome => ({ code: ok ? 0 : 1, output, complaint: "" });
  if (/^(--help|-h|help)$/.test(argv[0] ?? "")) return said(overview(commands));
  const found = find(commands, argv);
  const rest = argv.slice(found.name.split(" ").length);
  if (rest.some((word) => word === "--help" || word === "-h")) return said(helpOf(found));
  const colours = terminal && !environment.NO_COLOR;
  const { report, asJson } = await found.execute(rest, environment, { colours });
  return said(`${asJson ? JSON.stringify(report.json, null, 2) : report.text}\n`, report.ok);
}

/** The command with the most words that begins the line. */
function find(commands: readonly Command[], argv: readonly string[]): Command {
  const [first = "", second = ""] = argv;
  const found = [`${first} ${second}`, first].flatMap((name) => commands.find((one) => one.name === name) ?? []);
  if (found[0] !== undefined) return found[0];
  if (first === "") throw new UsageError("which command? --help lists them");
  const ofGroup = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (ofGroup.length > 0) {
    const names = ofGroup.map(({ name }) => name).join(", ");
    throw new UsageError(
      second === "" ? `${first} what? There is ${names}` : `there is no ${first} ${second}, but ${names}`,
    );
  }
  const meant = nearest(
    first,
    commands.flatMap(({ name }) => [name, name.split(" ")[0] ?? name]),
  );
  throw new UsageError(
    `${JSON.stringify(first)} is not a command${meant === undefined ? "; --help lists them" : `; did you mean ${meant}?`}`,
  );
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof UsageError) return error.lines;
  if (!(error instanceof Error)) return [String(error)];
  return [(error.message || error.name).replaceAll(/\s+/g, " ")];
}
