import {
  createLocalAdmin,
  type DeadLetter,
  deleteGroup,
  type GroupPosition,
  readGroupTopics,
  readHolders,
  readPositions,
} from "@rondo/bus";
import type { Database, Sql } from "@rondo/db";
import { topics as allTopics } from "@rondo/event";
import { UsageError } from "../cli/option.ts";
import { localFindings } from "../doctor/local.ts";
import type { EventEngine, FoundLetters, Group, Letter, PartitionLag, WhichLetters } from "./port.ts";

/** The engine in PostgreSQL, beside the program that runs on it. */
export function localEngine({ sql }: Pick<Database, "sql">): EventEngine {
  return {
    groupNames: async () => (await readGroupTopics(sql)).map(({ group }) => group),
    groups: (names) => readGroups(sql, names),
    deleteGroups: async (names) => {
      for (const name of names) await deleteGroup(sql, name);
    },
    lag: async (groups, topics) => (await readPositions(sql, await pairsOf(sql, groups, topics))).map(lagOf),
    letters: (which) => letters(sql, which),
    findings: () => localFindings(sql),
  };
}

async function pairsOf(sql: Sql, groups: readonly string[], topics: readonly string[] | undefined) {
  const told = topics === undefined ? await readGroupTopics(sql) : [];
  return groups.flatMap((group) =>
    (topics ?? told.find((one) => one.group === group)?.topics ?? []).map((topic) => ({ group, topic })),
  );
}

const lagOf = ({ group, topic, partition, committed, end, lag }: GroupPosition): PartitionLag => ({
  group,
  topic,
  partition,
  committed,
  end,
  lag,
});

async function readGroups(sql: Sql, names: readonly string[]): Promise<Group[]> {
  const pairs = await pairsOf(sql, names, undefined);
  const [positions, holders] = await Promise.all([readPositions(sql, pairs), readHolders(sql, pairs)]);
  return names.map((group) => {
    const members = holders.filter((one) => one.group === group).map(({ id, client, host }) => ({ id, client, host }));
    return {
      group,
      state: members.length > 0 ? "Stable" : "Empty",
      members,
      topics: pairs.filter((pair) => pair.group === group).map(({ topic }) => topic),
      lag: positions.filter((one) => one.group === group).reduce((sum, { lag }) => sum + lag, 0),
    };
  });
}

/** More than anybody looks at; the filters that PostgreSQL does not know are applied to these. */
const atMost = 1_000_000;

async function letters(sql: Sql, which: WhichLetters): Promise<FoundLetters> {
  const admin = createLocalAdmin(sql);
  const idsOf = (some: readonly Letter[]) => some.map(({ id }) => id);
  return {
    letters: (await admin.deadLetters(filterOf(which))).filter((letter) => isMeant(which, letter)),
    broken: new Set(),
    replay: (some) => admin.replay(idsOf(some)),
    drop: (some) => admin.drop(idsOf(some)),
  };
}

function filterOf(which: WhichLetters) {
  if ("ids" in which) {
    const wrong = which.ids.filter((id) => !/^\d{1,15}$/.test(id));
    if (wrong.length > 0)
      throw new UsageError(...wrong.map((id) => `${JSON.stringify(id)} is no id; one looks like 17`));
    return { limit: atMost };
  }
  const topic = allTopics.find((name) => name === which.topic);
  return {
    limit: which.topic !== undefined && topic === undefined ? 0 : atMost,
    ...(topic === undefined ? {} : { topic }),
    ...(which.group === undefined ? {} : { group: which.group }),
  };
}

function isMeant(which: WhichLetters, { id, reason }: DeadLetter): boolean {
  return "ids" in which ? which.ids.includes(id) : reason.includes(which.reason ?? "");
}
