import { join } from "node:path";
import { type Kafka, startKafka } from "@rondo/scripts/engine";
import { temporaryFolder } from "./server.ts";

let running: Promise<Kafka> | undefined;

/**
 * The one Kafka of this test process: in memory where possible, gone when the process ends. Topics that nobody has made are
 * made on first use, with three partitions. A test that kills or pauses brokers starts its own; after one that did not,
 * the next call starts another.
 */
export function testKafka(): Promise<Kafka> {
  running ??= start();
  return running;
}

async function start(): Promise<Kafka> {
  const folder = join(temporaryFolder("kafka"), "kafka");
  const kafka = await startKafka({ folder, settings: { "auto.create.topics.enable": "true" } });
  kafka.ended.then(() => {
    running = undefined;
  });
  return kafka;
}
