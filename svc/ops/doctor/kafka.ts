import { deadTopicOf } from "@rondo/bus/dead_letter_record";
import { counted } from "../cli/table.ts";
import { consumers, signals } from "../groups/consumers.ts";
import type { OpenKafka } from "../kafka/connect.ts";
import { readKept } from "../kafka/dead_letters.ts";
import { type Group, groupNames, readGroups } from "../kafka/groups.ts";
import { lagOf } from "../kafka/lag.ts";
import { readTopics } from "../kafka/topics.ts";
import { type ActualTopic, judge, ownTopics, type WantedTopic, wantedTopics } from "../topics/plan.ts";
import { type Finding, failure, fine, summed, warning } from "./finding.ts";

const lagWarns = 1_000;
const readDeadLettersMs = 20_000;

export async function checkKafka(open: OpenKafka): Promise<readonly Finding[]> {
  const { brokers } = await open.admin.describeCluster();
  const groups = await readGroups(open.admin, await groupNames(open.admin));
  return [
    fine("kafka", counted(brokers.length, "broker")),
    ...(await topics(open)),
    ...(await Promise.all(consumers.map((one) => consumer(open, groups, one)))),
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

async function consumer(
  { admin }: OpenKafka,
  groups: readonly Group[],
  { group, topic }: (typeof consumers)[number],
): Promise<Finding> {
  const check = `group ${group}`;
  const found = groups.find((one) => one.group === group);
  const lag = (await lagOf(admin, group, [topic])).reduce((sum, each) => sum + each.lag, 0);
  const members = found?.members.length ?? 0;
  const says = `${counted(members, "member")}, ${lag} behind on ${topic}`;
  if (members === 0) return failure(check, says, `start ${group} and its sidecar: nobody consumes`);
  return lag > lagWarns
    ? warning(check, says, `look whether it shrinks (rondo-ops lag); the log of ${group} says what it is busy with`)
    : fine(check, says);
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
  if (places.size === 0) return fine("dead letters", "none");
  const byTopic = [...Map.groupBy(places.values(), ({ topic }) => topic)].map(([topic, { length }]) => {
    const name = ownTopics.find((own) => deadTopicOf(own) === topic) ?? topic;
    return `${length} of ${name}`;
  });
  return warning("dead letters", byTopic.join(", "), "rondo-ops dead list, then dead replay or dead drop");
}
