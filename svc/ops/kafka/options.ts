import { readFileSync } from "node:fs";
import { choice, flag, optional, text, type Variable } from "@rondo/config";
import { fromEnvironment, UsageError, type ValuesOf } from "../cli/option.ts";
import type { KafkaOptions, OpenKafka } from "./connect.ts";

const brokers: Variable<readonly string[]> = {
  ...text({
    name: "RONDO_KAFKA_BROKERS",
    description: "Brokers of Kafka to begin with, host:port, separated by commas.",
    example: "kafka-0:9092,kafka-1:9092",
  }),
  parse: (raw) => {
    const all = raw.split(",").map((one) => one.trim());
    if (!all.every((one) => /^[^\s:,]+:\d{1,5}$|^\[[\da-f:]+\]:\d{1,5}$/i.test(one)))
      throw new Error("must be host:port, or several separated by commas");
    return all;
  },
};

export const brokersOption = fromEnvironment(optional(brokers), "--brokers");

/** How a command reaches Kafka. */
export const kafkaOptions = {
  brokers: brokersOption,
  kafkaAuth: fromEnvironment(
    choice(["none", "plain", "scram-sha-256", "scram-sha-512"], {
      name: "RONDO_KAFKA_AUTH",
      description: "How to prove who we are: none, plain, scram-sha-256 or scram-sha-512 (SASL).",
      example: "scram-sha-512",
      default: "none",
    }),
    "--kafka-auth",
  ),
  kafkaUsername: fromEnvironment(
    optional(text({ name: "RONDO_KAFKA_USERNAME", description: "The name for SASL.", example: "rondo" })),
    "--kafka-username",
  ),
  kafkaPassword: fromEnvironment(
    optional(
      text({ name: "RONDO_KAFKA_PASSWORD", description: "The password for SASL.", example: "secret", secret: true }),
    ),
  ),
  kafkaTls: fromEnvironment(
    flag({
      name: "RONDO_KAFKA_TLS",
      description: "Whether to speak TLS: true or false.",
      example: "true",
      default: "false",
    }),
    "--kafka-tls",
  ),
  kafkaCaFile: fromEnvironment(
    optional(
      text({
        name: "RONDO_KAFKA_CA_FILE",
        description: "A file of certificates (PEM) to trust beside those that everybody trusts.",
        example: "/etc/rondo/kafka-ca.pem",
      }),
    ),
    "--kafka-ca-file",
  ),
};

type KafkaValues = ValuesOf<typeof kafkaOptions>;

/** @throws UsageError when the values do not fit together. */
export function kafkaOptionsFrom(values: KafkaValues): KafkaOptions {
  const { brokers, kafkaAuth: auth, kafkaUsername: username, kafkaPassword: password, kafkaTls: tls } = values;
  if (brokers === undefined)
    throw new UsageError("RONDO_KAFKA_BROKERS is missing: Kafka carries the events of the engine dapr only");
  if (auth !== "none" && (username === undefined || password === undefined))
    throw new UsageError(`RONDO_KAFKA_AUTH ${auth} needs RONDO_KAFKA_USERNAME and RONDO_KAFKA_PASSWORD`);
  return { brokers, auth, username, password, tls, ca: caOf(values) };
}

/** Does the work with Kafka open. kafkajs is loaded only now: most of the time of a start is loading. */
export async function withKafka<T>(values: KafkaValues, work: (open: OpenKafka) => Promise<T>): Promise<T> {
  const options = kafkaOptionsFrom(values);
  const { openKafka } = await import("./connect.ts");
  const open = await openKafka(options);
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

function caOf({ kafkaCaFile, kafkaTls }: KafkaValues): string | undefined {
  if (kafkaCaFile === undefined) return undefined;
  if (!kafkaTls) throw new UsageError("RONDO_KAFKA_CA_FILE is of no use without RONDO_KAFKA_TLS=true");
  try {
    return readFileSync(kafkaCaFile, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`RONDO_KAFKA_CA_FILE cannot be read: ${why}`);
  }
}
