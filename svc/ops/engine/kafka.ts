import { kafkaFindings } from "../doctor/kafka.ts";
import type { OpenKafka } from "../kafka/connect.ts";
import { type KeptLetter, readKept } from "../kafka/dead_letters.ts";
import { groupNames, readGroups, readLag } from "../kafka/groups.ts";
import { topicsOfIds } from "../kafka/letter_ids.ts";
import { dropLetters, isReplayable, replayLetters } from "../kafka/settle.ts";
import { shown, unknownGroup } from "../kafka/shown.ts";
import { ownTopics } from "../topics/plan.ts";
import type { EventEngine, FoundLetters, Letter, WhichLetters } from "./port.ts";

export function kafkaEngine(open: OpenKafka): EventEngine {
  const { admin } = open;
  return {
    groupNames: () => groupNames(admin),
    groups: (names) => readGroups(admin, names),
    deleteGroups: async (names) => {
      await admin.deleteGroups([...names]);
    },
    lag: (groups, topics) => readLag(admin, groups, topics),
    letters: (which) => letters(open, which),
    findings: () => kafkaFindings(open),
  };
}

async function letters(open: OpenKafka, which: WhichLetters): Promise<FoundLetters> {
  const kept = await readKept(open, topicsIn(which), (letter) => isMeant(which, letter));
  const chosen = (some: readonly Letter[]): KeptLetter[] => {
    const ids = new Set(some.map(({ id }) => id));
    return kept.letters.filter(({ id }) => ids.has(id));
  };
  return {
    letters: kept.letters.map(shown),
    broken: new Set(kept.letters.filter((letter) => !isReplayable(letter)).map(({ id }) => id)),
    replay: (some) => replayLetters(open, kept, chosen(some)),
    drop: (some) => dropLetters(open, kept, chosen(some)),
  };
}

function topicsIn(which: WhichLetters): readonly string[] {
  if ("ids" in which) return topicsOfIds(which.ids);
  return which.topic === undefined ? ownTopics : [which.topic];
}

function isMeant(which: WhichLetters, { id, group = unknownGroup, reason }: KeptLetter): boolean {
  if ("ids" in which) return which.ids.includes(id);
  return (which.group === undefined || which.group === group) && reason.includes(which.reason ?? "");
}
