import { nearest } from "./nearest.ts";
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
  const meant = nearest(name, known);
  return `${name} is not a variable of this program${meant === undefined ? "; --help lists them" : `; did you mean ${meant}?`}`;
}
