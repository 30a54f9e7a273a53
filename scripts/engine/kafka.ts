import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../tools/run.ts";
import { portsIn } from "./ports.ts";
import { type EngineProcess, startProcess } from "./process.ts";
import { requireTool } from "./tool.ts";

export interface KafkaOptions {
  /** Where its data is; a later start with the same folder has it again. */
  readonly folder: string;
  /** Otherwise the one of the last start in this folder, or any that is free. */
  readonly port?: number | undefined;
  /** Over ours. */
  readonly settings?: Readonly<Record<string, string | number>>;
  readonly onLine?: ((line: string) => void) | undefined;
  /** Aborted: a start that is under way is given up. */
  readonly signal?: AbortSignal | undefined;
}

export interface Kafka extends EngineProcess {
  /** `127.0.0.1:<port>` */
  readonly brokers: string;
}

/** For one machine that does other things too. */
const java = [
  "java",
  "-Xms64m",
  "-Xmx256m",
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-XX:+ExitOnOutOfMemoryError",
];

/** Starts a Kafka of one node, broker and controller in one, on 127.0.0.1. Resolves when it takes records. @throws Error that says what is wrong */
export async function startKafka({ folder, port, settings, onLine, signal }: KafkaOptions): Promise<Kafka> {
  const jars = requireTool("kafka");
  if (Bun.which("java") === null)
    throw new Error("Kafka needs Java (on Debian: apt-get install default-jre-headless).");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ports = portsIn(folder, ["broker", "controller"], { broker: port });
  const data = join(folder, "data");
  const properties = join(folder, "server.properties");
  writeFileSync(properties, propertiesOf({ ...settingsFor(ports), "log.dirs": data, ...settings }));
  writeFileSync(join(folder, "log4j2.properties"), propertiesOf(logging));
  const command = [...java, `-Dlog4j2.configurationFile=${join(folder, "log4j2.properties")}`, "-cp", `${jars}/*`];
  if (!existsSync(join(data, "meta.properties"))) {
    await run([...command, "kafka.tools.StorageTool", "format", "-t", clusterId(), "-c", properties]);
  }
  const broker = await startProcess({
    name: "Kafka",
    command: [...command, "kafka.Kafka", properties],
    cwd: folder,
    onLine,
    signal,
    ready: async (printed) => printed("Kafka Server started"),
  });
  return { ...broker, brokers: `127.0.0.1:${ports.broker}` };
}

function settingsFor({ broker, controller }: { broker: number; controller: number }): Record<string, string | number> {
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controller}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${broker}`,
    "auto.create.topics.enable": "false",
    "num.partitions": 3,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 3,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "share.coordinator.state.topic.num.partitions": 1,
    // A group need not wait for members that are still to come.
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 1_000,
    // A broker that was killed is back in 5 s, otherwise in 15.
    "broker.session.timeout.ms": 2_000,
    "broker.heartbeat.interval.ms": 500,
    "log.retention.hours": 168,
    "log.segment.bytes": 16_777_216,
    "log.cleaner.dedupe.buffer.size": 16_777_216,
    "num.network.threads": 2,
    "num.io.threads": 2,
    "background.threads": 2,
  };
}

/** Warnings, and the line by which a start ends. */
const logging = {
  "appender.out.type": "Console",
  "appender.out.name": "out",
  "appender.out.layout.type": "PatternLayout",
  "appender.out.layout.pattern": "%p %c{1}: %m%n%throwable{short.message}",
  "rootLogger.level": "warn",
  "rootLogger.appenderRef.out.ref": "out",
  "logger.server.name": "kafka.server.KafkaRaftServer",
  "logger.server.level": "info",
};

const propertiesOf = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");

/** Kafka's form of a UUID: 16 bytes as base64url. One that begins with a dash would be taken for an option. */
const clusterId = (): string => Buffer.from(`r${crypto.randomUUID().slice(0, 15)}`).toString("base64url");
