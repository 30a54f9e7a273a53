/** The real engine for the suite of `@rondo/bus`: one Kafka, and for each process a sidecar with the resources of a deployment. */
import { join } from "node:path";
import { busMigrations, type ConsumerTiming } from "@rondo/bus";
import type { EngineUnderTest } from "@rondo/bus/semantics";
import { type Topic, topics } from "@rondo/event";
import { startKafka } from "@rondo/scripts/engine";
import { createTestDatabase, temporaryFolder } from "@rondo/testing";
import { type AppOptions, type DaprProcess, openProcess } from "./dapr_process.fixture.ts";
import { createKafkaAdmin } from "./kafka/admin.ts";
import { openKafka } from "./kafka/connect.ts";
import { bySidecarsHash } from "./kafka/partition.ts";
import { createTopics } from "./kafka/topics.ts";
import { wantedTopics } from "./topics/plan.ts";

export interface DaprEngine extends EngineUnderTest {
  open(options?: Partial<AppOptions>): Promise<DaprProcess>;
  /** Bytes as they are, without a key. */
  injectBytes(topic: Topic, bytes: Uint8Array): Promise<void>;
}

export async function startDaprEngine(timing: ConsumerTiming): Promise<DaprEngine> {
  const folder = temporaryFolder("dapr");
  let kafka = await startKafka({ folder: join(folder, "kafka") });
  const { brokers } = kafka;
  const open = await openKafka({ brokers: [brokers], auth: "none", tls: false });
  await createTopics(open.admin, wantedTopics, undefined);
  const admin = createKafkaAdmin(open, topics);
  const producer = open.kafka.producer({ createPartitioner: bySidecarsHash });
  await producer.connect();
  let count = 0;
  const database = await createTestDatabase({ schemas: [busMigrations] });
  const processes = new Set<DaprProcess>();

  return {
    open: async (options) => {
      const place = { folder: join(folder, `process-${count++}`), brokers, admin, databaseUrl: database.url };
      const opened = await openProcess({ ...place, ...timing, ...options });
      processes.add(opened);
      return opened;
    },
    injectBytes: async (topic, bytes) => {
      await producer.send({ topic, messages: [{ key: null, value: Buffer.from(bytes) }] });
    },
    inject: async (topic, key, value) => {
      await producer.send({ topic, messages: [{ key, value: JSON.stringify(value) }] });
    },
    interrupt: async () => {
      await kafka.kill();
      return async () => {
        kafka = await startKafka({ folder: join(folder, "kafka") });
      };
    },
    interruptDatabase: async () => {
      for (const { database: wire } of processes) wire.cut();
      return async () => {
        for (const { database: wire } of processes) await wire.heal();
      };
    },
    close: async () => {
      await database.close();
      await producer.disconnect();
      await open.close();
      await kafka.stop();
    },
  };
}
