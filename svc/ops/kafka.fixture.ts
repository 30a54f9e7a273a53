/** One Kafka for all tests of this process, started when the first one asks. */

import { type Kafka, startKafka } from "@rondo/scripts/engine";
import { temporaryFolder } from "@rondo/testing";
import { runCommandLine } from "./cli/run.ts";
import { commands } from "./commands.ts";
import { type OpenKafka, openKafka } from "./kafka/connect.ts";

let starting: Promise<Kafka> | undefined;

export async function testBrokers(): Promise<string> {
  starting ??= startKafka({ folder: temporaryFolder("kafka") });
  return (await starting).brokers;
}

export async function openTestKafka(): Promise<OpenKafka> {
  return await openKafka({ brokers: [await testBrokers()], auth: "none", tls: false });
}

/** A topic of three partitions that nobody else uses. */
export async function freshTopic({ admin }: OpenKafka, topic = `topic-${Bun.randomUUIDv7()}`): Promise<string> {
  await admin.createTopics({ topics: [{ topic, numPartitions: 3, replicationFactor: 1 }], waitForLeaders: true });
  return topic;
}

export interface Sent {
  readonly key?: string | null;
  readonly value: string | null;
  readonly partition?: number;
}

export async function send({ kafka }: OpenKafka, topic: string, messages: readonly Sent[]): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  await producer.send({ topic, messages: messages.map(({ key = null, ...rest }) => ({ key, ...rest })) });
  await producer.disconnect();
}

/** Carries out a command line as the program would, without one. */
export async function ops(line: string, environment: Readonly<Record<string, string>> = {}, terminal = false) {
  return await runCommandLine(commands, line.split(" ").filter(Boolean), { environment, terminal });
}
