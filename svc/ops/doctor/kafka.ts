import { deadTopicOf } from "@rondo/bus/dead_letter_record";
import { counted } from "../cli/table.ts";
import type { Group } from "../engine/port.ts";
import { consumers, signals } from "../groups/consumers.ts";
import type { OpenKafka } from "../kafka/connect.ts";
import { readKept } from "../kafka/dead_letters.ts";
import { groupNames, readGroups } from "../kafka/groups.ts";
import { lagOf } from "../kafka/lag.ts";
import { readTopics } from "../kafka/topics.ts";
import { type ActualTopic, judge, ownTopics, type WantedTopic, wantedTopics } from "../topics/plan.ts";
import { consumerFinding, dayBehindMs, isRequired } from "./consumers.ts";
import { deadLetterFinding, type Finding, failure, fine, summed, warning } from "./finding.ts";

const readDeadLettersMs = 20_000;

export async function kafkaFindings(open: OpenKafka): Promise<readonly Finding[]> {
  const { brokers } = await open.admin.describeCluster();
  const groups = await readGroups(open.admin, await groupNames(open.admin));
  return [
    fine("kafka", counted(brokers.length, "broker")),
    ...(await topics(open)),
    ...(await consumerFindings(open, groups)),
    signalGroups(groups),
    ...abandoned(groups),
    await deadLetters(open),
  ];
}

async function topics({ admin }: OpenKafka): Promise<readonly Finding[]> {
  const names = wantedTopics.map(({ name }) => name);
  const actual = new Map((await readTopics(admin, names)).map((topic) => [topic.name, topic]));
  const missing = names.filter((name) => !actual.has(name));
  const wrong = wantedTopics.flatMap((wanted) => {
    const topic = actual.get(wanted.name);
    return topic === undefined ? [] : topicFindings(wanted, topic);
  });
  if (missing.length > 0) wrong.unshift(failure("topics", `missing: ${missing.join(", ")}`, "rondo-ops topics"));
  return summed("topics", wrong, `all ${names.length} with their partitions and retention`);
}

function topicFindings(wanted: WantedTopic, topic: ActualTopic): readonly Finding[] {
  const check = `topic ${topic.name}`;
  const { leaderless, behind } = topic;
  const { state, differences } = judge(wanted, topic);
  if (state === "differs") return [failure(check, differences.join("; "), "rondo-ops topics --check")];
  if (leaderless > 0)
    return [failure(check, `${counted(leaderless, "partition")} without a leader`, "bring the brokers back")];
  if (behind > 0)
    return [warning(check, `${counted(behind, "partition")} with replicas behind`, "is a broker away or slow?")];
  return [];
}

/** Those that must consume, and every other group that has told where it is. */
async function consumerFindings(open: OpenKafka, groups: readonly Group[]): Promise<readonly Finding[]> {
  const catching = groups.filter(({ group }) => !group.startsWith(signals.prefix));
  const others = catching.flatMap(({ group, topics }) => topics.map((topic) => ({ group, topic })));
  const pairs = [...consumers, ...others.filter((pair) => !isRequired(pair))];
  const dayOld = await readDayOld(open, [...new Set(pairs.map(({ topic }) => topic))]);
  return await Promise.all(
    pairs.map(async ({ group, topic }) => {
      const partitions = await lagOf(open.admin, group, [topic]);
      return consumerFinding({
        group,
        topic,
        members: groups.find((one) => one.group === group)?.members.length ?? 0,
        lag: partitions.reduce((sum, { lag }) => sum + lag, 0),
        isDayBehind: partitions.some(
          ({ partition, end, lag }) => lag > 0 && end - lag < (dayOld.get(`${topic}:${partition}`) ?? 0),
        ),
      });
    }),
  );
}

/** Where the events of the last day begin, by `topic:partition`; what lies before is older. */
async function readDayOld({ admin }: OpenKafka, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const existing = new Set(await admin.listTopics());
  const found = new Map<string, number>();
  for (const topic of topics.filter((name) => existing.has(name))) {
    const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, Date.now() - dayBehindMs);
    for (const { partition, offset } of offsets) found.set(`${topic}:${partition}`, Number(offset));
  }
  return found;
}

function signalGroups(groups: readonly Group[]): Finding {
  const check = `groups ${signals.prefix}*`;
  const live = groups.filter(({ group, members }) => group.startsWith(signals.prefix) && members.length > 0);
  if (live.length === 0)
    return warning(
      check,
      `nobody listens to ${signals.topic}`,
      "start sync and its sidecar: windows are not told of changes",
    );
  return fine(
    check,
    `${live.length === 1 ? "1 process listens" : `${live.length} processes listen`} to ${signals.topic}`,
  );
}

function abandoned(groups: readonly Group[]): Finding[] {
  const dead = groups.filter(({ group, members }) => group.startsWith(signals.prefix) && members.length === 0);
  if (dead.length === 0) return [];
  const advice = `when their processes are gone for good: rondo-ops groups delete --prefix ${signals.prefix}`;
  return [warning("dead groups", dead.map(({ group }) => group).join(", "), advice)];
}

async function deadLetters(open: OpenKafka): Promise<Finding> {
  const { places } = await readKept(open, ownTopics, () => false, { deadlineMs: readDeadLettersMs });
  const topics = [...places.values()].map(({ topic }) => ownTopics.find((own) => deadTopicOf(own) === topic) ?? topic);
  return deadLetterFinding(topics);
}
