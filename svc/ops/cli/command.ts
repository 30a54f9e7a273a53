import { type Options, parseOptions, switchOf, UsageError, type ValuesOf } from "./option.ts";

/** What a command found or did. */
export interface Report {
  /** For `--json`. */
  readonly json: unknown;
  /** For people, without the last line end. */
  readonly text: string;
  /** Whether all is as it should be; it decides the exit code. */
  readonly ok: boolean;
}

/** Whether marks may be coloured: a terminal shows them. */
export interface Look {
  readonly colours: boolean;
}

export interface Definition<O extends Options> {
  /** As it is typed: `dead list`. */
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What it does in full, for its own help. */
  readonly about: string;
  /** The words that it takes, as they are shown: `[id …]`; without it, it takes none. */
  readonly words?: string;
  readonly options: O;
  run(values: ValuesOf<O>, words: readonly string[], look: Look): Promise<Report>;
}

/** A command with its options closed over. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly about: string;
  readonly words?: string;
  readonly options: Options;
  /** @throws UsageError */
  execute(
    argv: readonly string[],
    environment: Readonly<Record<string, string | undefined>>,
    look: Look,
  ): Promise<{ readonly report: Report; readonly asJson: boolean }>;
}

const common = {
  json: switchOf("--json", "Print one JSON document, for programs."),
  help: switchOf("--help", "Print this."),
};

export function command<const O extends Options>(definition: Definition<O>): Command {
  const { run, ...about } = definition;
  const options = { ...definition.options, ...common };
  return {
    ...about,
    options,
    execute: async (argv, environment, look) => {
      const { values, words } = parseOptions(options, argv, environment);
      if (about.words === undefined && words.length > 0) throw new UsageError(`${about.name} takes no ${words[0]}`);
      return { report: await run(values, words, look), asJson: values.json === true };
    },
  };
}
