import { type Admin, ConfigResourceTypes } from "kafkajs";
import { type ActualTopic, configOf, type WantedTopic } from "../topics/plan.ts";
import { KafkaAway, reasonOf } from "./connect.ts";

/** Those of the named topics that exist, as they are. */
export async function readTopics(admin: Admin, names: readonly string[]): Promise<ActualTopic[]> {
  const existing = new Set(await admin.listTopics());
  const asked = names.filter((name) => existing.has(name));
  if (asked.length === 0) return [];
  const { topics } = await admin.fetchTopicMetadata({ topics: asked });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: asked.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
  });
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.length,
    replication: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    leaderless: partitions.filter(({ leader }) => leader < 0).length,
    behind: partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
    config: new Map(
      resources
        .find(({ resourceName }) => resourceName === name)
        ?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
    ),
  }));
}

/** Creates topics; one that somebody else creates at the same time is fine. Without a factor the brokers choose theirs. */
export async function createTopics(
  admin: Admin,
  topics: readonly WantedTopic[],
  replication: number | undefined,
): Promise<void> {
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({
        topic: topic.name,
        numPartitions: topic.partitions,
        replicationFactor: replication ?? -1,
        configEntries: Object.entries(configOf(topic)).map(([name, value]) => ({ name, value })),
      })),
    });
  } catch (error) {
    throw new KafkaAway(`the topics could not be created: ${reasonOf(error)}`, { cause: error });
  }
}
