import { command, type Report } from "../cli/command.ts";
import { switchOf, UsageError } from "../cli/option.ts";
import { counted, oneLine } from "../cli/table.ts";
import type { OpenKafka } from "../kafka/connect.ts";
import type { KeptLetter } from "../kafka/dead_letters.ts";
import { withKafka } from "../kafka/options.ts";
import { topicsOfIds } from "./ids.ts";
import { type Filter, filterOptions, isFiltered, matches, topicsOf } from "./options.ts";

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
    const asked = checked("replay", values, ids);
    return await withKafka(values, (open) => settle(open, values, asked, ids, "replay"));
  },
});

export const deadDropCommand = command({
  name: "dead drop",
  summary: "forgets dead letters",
  about: "forgets dead letters, by id, or all that match the options. It cannot be undone, so it needs --yes.",
  words: "[id …]",
  options,
  run: async (values, ids) => {
    const asked = checked("drop", values, ids);
    return await withKafka(values, (open) => settle(open, values, asked, ids, "drop"));
  },
});

/** The topics to read. */
function checked(how: string, asked: Asked, ids: readonly string[]): readonly string[] {
  const ways = [ids.length > 0, isFiltered(asked), asked.all].filter(Boolean).length;
  if (ways !== 1)
    throw new UsageError(`dead ${how} needs ids, or options that say which (--topic, --group, --reason), or --all`);
  return ids.length > 0 ? topicsOfIds(ids) : topicsOf(asked);
}

async function settle(
  open: OpenKafka,
  asked: Asked,
  topics: readonly string[],
  ids: readonly string[],
  how: "replay" | "drop",
): Promise<Report> {
  const { readKept } = await import("../kafka/dead_letters.ts");
  const { dropLetters, isReplayable, replayLetters } = await import("../kafka/settle.ts");
  const named = new Set(ids);
  const kept = await readKept(open, topics, (one) => (named.size > 0 ? named.has(one.id) : matches(asked, one)));
  const absent = ids.filter((id) => !kept.letters.some((letter) => letter.id === id));
  const possible = how === "drop" ? kept.letters : kept.letters.filter(isReplayable);
  const impossible = kept.letters.filter((letter) => !possible.includes(letter));
  if (!asked.dryRun && !asked.yes && possible.length > (how === "replay" ? 1 : 0)) {
    throw new UsageError(`this would ${how} ${counted(possible.length, "event")}; look with --dry-run, then add --yes`);
  }
  const work = how === "replay" ? replayLetters : dropLetters;
  const count = asked.dryRun ? 0 : await work(open, kept, possible);
  return report(how, asked.dryRun, count, { possible, impossible, absent });
}

interface Found {
  readonly possible: readonly KeptLetter[];
  readonly impossible: readonly KeptLetter[];
  readonly absent: readonly string[];
}

function report(how: "replay" | "drop", dry: boolean, count: number, { possible, impossible, absent }: Found): Report {
  const done = how === "replay" ? "replayed" : "dropped";
  const lines = dry
    ? [
        ...possible.map(({ id, group, reason }) => `${id}  ${group ?? "unknown"}  ${oneLine(reason)}`),
        `${counted(possible.length, "event")} would be ${done}`,
      ]
    : [`${counted(count, "event")} ${done}`];
  lines.push(...impossible.map(({ id }) => `${id} is no whole event: it can only be looked at and dropped`));
  lines.push(...absent.map((id) => `there is no dead letter ${id}; was it replayed or dropped?`));
  const ids = (letters: readonly KeptLetter[]) => letters.map(({ id }) => id);
  const ok = impossible.length === 0 && absent.length === 0;
  const json = { ok, dry_run: dry, [done]: count, ids: ids(possible), impossible: ids(impossible), absent };
  return { json, text: lines.join("\n"), ok };
}
