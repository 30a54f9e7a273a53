import { nearest } from "./nearest.ts";
import type { Variable } from "./variable.ts";

/** What a program reads from its environment: names of its own → variables. */
export type Spec = Readonly<Record<string, Variable<unknown>>>;

export type ConfigOf<S extends Spec> = { readonly [Key in keyof S]: S[Key] extends Variable<infer T> ? T : never };

export interface LoadOptions {
  /** `RONDO_*` variables that other parts of the process, or other programs with the same environment, read. */
  readonly known?: readonly string[];
  /** Variables whose absence is told by somebody else. */
  readonly unread?: readonly string[];
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

/** Decides which of the variables with an `engine` mean something. */
export const engineName = "RONDO_ENGINE";

/** Set by the test runner for the tests; the programs that tests start inherit them. */
const testRunnerNames = ["RONDO_REQUIRE_ENGINES", "RONDO_SKIP_REPORT"];

/**
 * Reads the environment once, into a frozen object. An empty variable counts as absent.
 * @throws ConfigError listing every wrong, missing and unknown (`RONDO_*`) variable.
 */
export function loadConfig<S extends Spec>(
  spec: S,
  env: Readonly<Record<string, string | undefined>>,
  options: LoadOptions = {},
): ConfigOf<S> {
  const lines: string[] = [];
  const values = new Map<string, unknown>();
  const engine = engineOf(spec, env);
  for (const [key, variable] of Object.entries(spec)) {
    values.set(key, undefined);
    if (variable.engine !== undefined && variable.engine !== engine) continue;
    const raw = env[variable.name] || variable.default;
    if (raw === undefined && options.unread?.includes(variable.name)) continue;
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

function engineOf(spec: Spec, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const variable = Object.values(spec).find(({ name }) => name === engineName);
  return env[engineName] || variable?.default;
}

function absent({ optional, engine }: Variable<unknown>): undefined {
  if (!optional) throw new Error(engine === undefined ? "is missing" : `is missing: ${engineName}=${engine} needs it`);
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
