import { command, type Report } from "../cli/command.ts";
import { switchOf, UsageError } from "../cli/option.ts";
import { counted, oneLine } from "../cli/table.ts";
import { withEngine } from "../engine/options.ts";
import type { EventEngine, Letter } from "../engine/port.ts";
import { type Filter, filterOptions, isFiltered } from "./options.ts";

const options = {
  ...filterOptions,
  all: switchOf("--all", "All of them."),
  dryRun: switchOf("--dry-run", "Only say which ones are meant."),
  yes: switchOf("--yes", "Do it."),
};

interface Asked extends Filter {
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

export const deadReplayCommand = command({
  name: "dead replay",
  summary: "gives events again to the group that gave them up",
  about:
    "gives events again to the group that gave them up (to every group when that is not known, which does them no harm).\n\n" +
    "By id, or all that match the options. More than one needs --yes. What is no event at all can only be dropped.",
  words: "[id …]",
  options,
  run: async (values, ids) => {
    check("replay", values, ids);
    return await withEngine(values, (engine) => settle(engine, values, ids, "replay"));
  },
});

export const deadDropCommand = command({
  name: "dead drop",
  summary: "forgets dead letters",
  about: "forgets dead letters, by id, or all that match the options. It cannot be undone, so it needs --yes.",
  words: "[id …]",
  options,
  run: async (values, ids) => {
    check("drop", values, ids);
    return await withEngine(values, (engine) => settle(engine, values, ids, "drop"));
  },
});

function check(how: string, asked: Asked, ids: readonly string[]): void {
  const ways = [ids.length > 0, isFiltered(asked), asked.all].filter(Boolean).length;
  if (ways !== 1)
    throw new UsageError(`dead ${how} needs ids, or options that say which (--topic, --group, --reason), or --all`);
}

async function settle(
  engine: EventEngine,
  asked: Asked,
  ids: readonly string[],
  how: "replay" | "drop",
): Promise<Report> {
  const found = await engine.letters(ids.length > 0 ? { ids } : asked);
  const absent = ids.filter((id) => !found.letters.some((letter) => letter.id === id));
  const [possible, impossible] = how === "drop" ? [found.letters, []] : parted(found.letters, found.broken);
  if (!asked.dryRun && !asked.yes && possible.length > (how === "replay" ? 1 : 0)) {
    throw new UsageError(`this would ${how} ${counted(possible.length, "event")}; look with --dry-run, then add --yes`);
  }
  const count = asked.dryRun ? 0 : await found[how](possible);
  return report(how, asked.dryRun, count, { possible, impossible, absent });
}

function parted(letters: readonly Letter[], broken: ReadonlySet<string>): [Letter[], Letter[]] {
  return [letters.filter(({ id }) => !broken.has(id)), letters.filter(({ id }) => broken.has(id))];
}

interface Found {
  readonly possible: readonly Letter[];
  readonly impossible: readonly Letter[];
  readonly absent: readonly string[];
}

function report(how: "replay" | "drop", dry: boolean, count: number, { possible, impossible, absent }: Found): Report {
  const done = how === "replay" ? "replayed" : "dropped";
  const lines = dry
    ? [
        ...possible.map(({ id, group, reason }) => `${id}  ${group}  ${oneLine(reason)}`),
        `${counted(possible.length, "event")} would be ${done}`,
      ]
    : [`${counted(count, "event")} ${done}`];
  lines.push(...impossible.map(({ id }) => `${id} is no whole event: it can only be looked at and dropped`));
  lines.push(...absent.map((id) => `there is no dead letter ${id}; was it replayed or dropped?`));
  const ids = (letters: readonly Letter[]) => letters.map(({ id }) => id);
  const ok = impossible.length === 0 && absent.length === 0;
  const json = { ok, dry_run: dry, [done]: count, ids: ids(possible), impossible: ids(impossible), absent };
  return { json, text: lines.join("\n"), ok };
}
