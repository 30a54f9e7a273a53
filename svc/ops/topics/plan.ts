import { deadTopicOf } from "@rondo/bus/dead_letter_record";
import { publishedBy, weekOfEvents } from "@rondo/service/manifest";
import { services } from "../services.ts";

/** Topics whose services come later: their names are settled, and they are made with the others. */
const upcoming = ["reminders", "notifications"] as const;

const settings = [...services.flatMap(publishedBy), ...upcoming.map((name) => [name, weekOfEvents] as const)];

/** Every topic of Rondo. */
export const ownTopics = settings.map(([name]) => name);

const days = 86_400_000;

/** A topic as a deployment needs it. */
export interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  /** Events are kept at least so long. */
  readonly retentionMs: number;
}

/** A topic as it is. */
export interface ActualTopic {
  readonly name: string;
  readonly partitions: number;
  /** Replicas of each partition; of the one with the fewest. */
  readonly replication: number;
  /** Partitions that nobody leads: nothing can be written to them. */
  readonly leaderless: number;
  /** Partitions of which not every replica has everything. */
  readonly behind: number;
  readonly config: ReadonlyMap<string, string>;
}

export interface Verdict {
  readonly topic: string;
  readonly state: "ok" | "missing" | "differs";
  /** What differs and what that means, one sentence each. */
  readonly differences: readonly string[];
}

/** Dead letters wait for a person, who may be on holiday. */
export const wantedTopics: readonly WantedTopic[] = settings.flatMap(([name, { retentionMs }]) => [
  { name, partitions: 3, retentionMs },
  { name: deadTopicOf(name), partitions: 3, retentionMs: 30 * days },
]);

/** The largest event, its envelope in a dead letter and Kafka's own headers go into this; it is Kafka's default, too. */
const largestRecord = 1_048_576;

/** The settings with which a topic is created. */
export function configOf({ retentionMs }: WantedTopic): Readonly<Record<string, string>> {
  return { "cleanup.policy": "delete", "retention.ms": String(retentionMs) };
}

/** What has to be said of a topic. `replication` is checked when somebody asked for a factor. */
export function judge(wanted: WantedTopic, actual: ActualTopic | undefined, replication?: number): Verdict {
  if (actual === undefined) return { topic: wanted.name, state: "missing", differences: [] };
  const differences = [
    ...partitionDifference(wanted, actual),
    ...replicationDifference(actual, replication),
    ...configDifferences(wanted, actual.config),
  ];
  return { topic: wanted.name, state: differences.length === 0 ? "ok" : "differs", differences };
}

function partitionDifference({ partitions: wanted }: WantedTopic, { partitions }: ActualTopic): string[] {
  if (partitions === wanted) return [];
  const cure =
    "let consumers drain it, delete it and run this again: adding partitions would break the order of the events of a workspace";
  return [`it has ${partitions} partition${partitions === 1 ? "" : "s"} instead of ${wanted} (${cure})`];
}

function replicationDifference({ replication }: ActualTopic, wanted: number | undefined): string[] {
  return wanted === undefined || replication === wanted
    ? []
    : [`its replication factor is ${replication} instead of ${wanted} (reassign its partitions)`];
}

function configDifferences({ retentionMs }: WantedTopic, config: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  const policy = config.get("cleanup.policy");
  if (policy !== undefined && policy !== "delete")
    found.push(`cleanup.policy is ${policy} instead of delete (events of one key would be thrown away)`);
  const retention = Number(config.get("retention.ms") ?? retentionMs);
  if (retention >= 0 && retention < retentionMs)
    found.push(`retention.ms is ${retention}, less than ${retentionMs} (set it: events are kept too short)`);
  const largest = Number(config.get("max.message.bytes") ?? largestRecord);
  if (largest < largestRecord)
    found.push(`max.message.bytes is ${largest}, less than ${largestRecord} (set it: large events are refused)`);
  return found;
}
