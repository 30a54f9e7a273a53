import type { Variable } from "./variable.ts";

/** What a program reads from its environment: names of its own → variables. */
export type Spec = Readonly<Record<string, Variable<unknown>>>;

export type ConfigOf<S extends Spec> = { readonly [Key in keyof S]: S[Key] extends Variable<infer T> ? T : never };

export interface LoadOptions {
  /** `RONDO_*` variables that other parts of the process, or other programs with the same environment, read. */
  readonly known?: readonly string[];
}

/** Everything that is wrong with the environment, one line each. */
export class ConfigError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "ConfigError";
    this.lines = lines;
  }
}

/** Set by the test runner for the tests; the programs that tests start inherit them. */
const testRunnerNames = ["RONDO_REQUIRE_ENGINES", "RONDO_SKIP_REPORT"];

/**
 * Reads the environment once, into a frozen object. An empty variable counts as absent.
 * @throws ConfigError listing every wrong, missing and unknown (`RONDO_*`) variable.
 */
export function loadConfig<S extends Spec>(
  spec: S,
  env: Record<string, string | undefined>,
  options: LoadOptions = {},
): ConfigOf<S> {
  const lines: string[] = [];
  const values = new Map<string, unknown>();
  for (const [key, variable] of Object.entries(spec)) {
    const raw = env[variable.name] || variable.default;
    try {
      values.set(key, raw === undefined ? absent(variable) : variable.parse(raw));
    } catch (error) {
      lines.push(explain(variable, raw, error));
    }
  }
  const known = [...Object.values(spec).map((variable) => variable.name), ...(options.known ?? []), ...testRunnerNames];
  for (const name of Object.keys(env)) {
    if (name.startsWith("RONDO_") && !known.includes(name)) lines.push(refuse(name, known));
  }
  if (lines.length > 0) throw new ConfigError(lines);
  return Object.freeze(Object.fromEntries(values) as ConfigOf<S>);
}

function absent(variable: Variable<unknown>): undefined {
  if (!variable.optional) throw new Error("is missing");
  return undefined;
}

function explain(variable: Variable<unknown>, raw: string | undefined, error: unknown): string {
  const what = error instanceof Error ? error.message : String(error);
  const was = raw === undefined || variable.secret ? "" : `, and is ${JSON.stringify(raw.slice(0, 80))}`;
  return `${variable.name} ${what}${was}; for example ${variable.name}=${variable.example}`;
}

function refuse(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, steps: distance(name, candidate) }))
    .filter(({ steps }) => steps <= 3)
    .sort((a, b) => a.steps - b.steps);
  return `${name} is not a variable of this program${nearest === undefined ? "; --help lists them" : `; did you mean ${nearest.candidate}?`}`;
}

/** Levenshtein distance: how many letters to insert, delete or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, change));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
