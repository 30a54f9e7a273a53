import { parseArgs } from "node:util";
import { ConfigError, flag, loadConfig, nearest, type Spec, type Variable } from "@rondo/config";

/** A value that a command takes from the command line, from the environment, or from either. */
export interface Option<T> {
  /** `--limit`; without one it comes from the environment only: secrets do not belong on a command line. */
  readonly flag?: string;
  readonly variable: Variable<T>;
  /** Whether the variable's name is that of an environment variable. */
  readonly environment: boolean;
  /** Stands alone, without a value. */
  readonly isSwitch: boolean;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type ValuesOf<O extends Options> = { readonly [Key in keyof O]: O[Key] extends Option<infer T> ? T : never };

/** `variable.name` is the flag. */
export function option<T>(variable: Variable<T>): Option<T> {
  return { flag: variable.name, variable, environment: false, isSwitch: false };
}

/** An environment variable that `name` (a flag), when there is one, overrides. */
export function fromEnvironment<T>(variable: Variable<T>, name?: string): Option<T> {
  return { ...(name === undefined ? {} : { flag: name }), variable, environment: true, isSwitch: false };
}

export function switchOf(name: string, description: string): Option<boolean> {
  const variable = flag({ name, description, example: "true", default: "false" });
  return { flag: name, variable, environment: false, isSwitch: true };
}

/** The command line cannot be carried out as it was written; one line for each reason. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly lines: readonly string[];

  constructor(...lines: readonly string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

export interface Parsed<O extends Options> {
  readonly values: ValuesOf<O>;
  /** The words that are no options. */
  readonly words: readonly string[];
}

/** @throws UsageError naming every option or variable that is unknown, lacks its value or has a wrong one. */
export function parseOptions<const O extends Options>(
  options: O,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Parsed<O> {
  const { given, words, mistakes } = readArgv(options, argv);
  const spec = mapValues(options, ({ flag: name, variable }) =>
    name !== undefined && given.has(name) ? { ...variable, name } : variable,
  );
  try {
    const known = Object.values(options).map(({ variable }) => variable.name);
    const values = loadConfig(spec, { ...relevant(options, environment), ...Object.fromEntries(given) }, { known });
    if (mistakes.length === 0) return { values: values as ValuesOf<O>, words };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(...mistakes, ...error.lines);
  }
  throw new UsageError(...mistakes);
}

function readArgv(options: Options, argv: readonly string[]) {
  const flags = Object.values(options).filter((one) => one.flag !== undefined);
  const nameOf = (one: Option<unknown>) => (one.flag ?? "").slice(2);
  const types = flags.map((one) => [nameOf(one), { type: one.isSwitch ? "boolean" : "string" }] as const);
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(types),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string>();
  const words: string[] = [];
  const mistakes: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const found = flags.find((one) => nameOf(one) === token.name && token.rawName === one.flag);
    const mistake = found === undefined ? unknown(token.rawName, flags) : misuse(found, token, given);
    if (mistake !== undefined) mistakes.push(mistake);
    else given.set(token.rawName, token.value ?? "true");
  }
  return { given, words, mistakes };
}

type OptionToken = {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
};

function misuse({ isSwitch, variable }: Option<unknown>, token: OptionToken, given: ReadonlyMap<string, string>) {
  const { rawName, value, inlineValue } = token;
  if (given.has(rawName)) return `${rawName} is given twice`;
  if (isSwitch) return value === undefined ? undefined : `${rawName} takes no value`;
  const swallowed = inlineValue === false && value?.startsWith("--") === true;
  return value === undefined || value === "" || swallowed
    ? `${rawName} needs a value; for example ${rawName}=${variable.example}`
    : undefined;
}

function unknown(name: string, flags: readonly Option<unknown>[]): string {
  const meant = nearest(
    name,
    flags.map((one) => one.flag ?? ""),
  );
  return `${name} is not an option of this command${meant === undefined ? "; --help lists them" : `; did you mean ${meant}?`}`;
}

/** Our environment is shared with other programs of Rondo: only a mistyped variable of Kafka's is ours to refuse. */
function relevant(options: Options, environment: Readonly<Record<string, string | undefined>>) {
  const names = new Set(Object.values(options).map(({ variable }) => variable.name));
  const kafka = names.has("RONDO_KAFKA_BROKERS");
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => names.has(name) || (kafka && name.startsWith("RONDO_KAFKA_"))),
  );
}

function mapValues(options: Options, change: (one: Option<unknown>) => Variable<unknown>): Spec {
  return Object.fromEntries(Object.entries(options).map(([key, one]) => [key, change(one)]));
}
