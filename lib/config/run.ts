import { writeSync } from "node:fs";
import { helpText } from "./help.ts";
import { ConfigError, type ConfigOf, type LoadOptions, loadConfig, type Spec } from "./load.ts";
import { completeFromStore } from "./secrets.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface Program extends LoadOptions {
  /** As it is called: `rondo-api`. */
  readonly name: string;
  /** One sentence for `--help`. */
  readonly description: string;
  /** How long to wait for a sidecar that shall tell secrets, in ms; 10,000. */
  readonly sidecarWithinMs?: number;
}

/** What was compiled and thrown away for the start alone is given back then: a tenth of a service's memory, once. */
const startIsOverAfterMs = 3_000;

/**
 * The frame of every executable. `argv` are the words behind the program (`process.argv.slice(2)`).
 * `--help` prints the variables and exits 0. Secrets that the environment lacks come from the secret store, where one is named. A wrong environment prints one line per mistake, any other failure of `main` one line
 * in all (with its stack when RONDO_LOG_LEVEL is debug), and exits 1. When `main` is through, the process exits 0.
 */
export async function runMain<S extends Spec>(
  program: Program,
  spec: S,
  env: Record<string, string | undefined>,
  argv: readonly string[],
  main: (config: ConfigOf<S>) => Promise<void>,
): Promise<never> {
  try {
    if (argv.includes("--help") || argv.includes("-h")) {
      writeSync(1, helpText(program.name, program.description, spec));
    } else {
      refuseArguments(argv);
      setTimeout(Bun.shrink, startIsOverAfterMs).unref();
      await main(await load(program, spec, env));
    }
  } catch (error) {
    const lines = error instanceof ConfigError ? error.lines : [reason(error, env.RONDO_LOG_LEVEL === "debug")];
    writeSync(2, lines.map((line) => `${program.name}: ${line}\n`).join(""));
    process.exit(1);
  }
  process.exit(0);
}

/** @throws ConfigError with everything that is wrong, the secret store included */
async function load<S extends Spec>(program: Program, spec: S, env: Environment): Promise<ConfigOf<S>> {
  const complete = await completeFromStore(spec, env, program.sidecarWithinMs);
  const told = complete.failure === undefined ? [] : [complete.failure];
  try {
    const config = loadConfig(spec, complete.env, { ...program, unread: complete.unread });
    if (told.length > 0) throw new ConfigError([]);
    return config;
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError([...told, ...error.lines]) : error;
  }
}

function refuseArguments(argv: readonly string[]): void {
  if (argv.length > 0)
    throw new ConfigError([
      `${JSON.stringify(argv[0])} is not understood; there is --help, and environment variables for the rest`,
    ]);
}

function reason(error: unknown, withStack: boolean): string {
  if (!(error instanceof Error)) return String(error);
  return withStack ? Bun.inspect(error) : (error.message || error.name).replaceAll(/\s+/g, " ");
}
