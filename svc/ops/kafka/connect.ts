import { rootCertificates } from "node:tls";
import { type Admin, Kafka, logLevel, type SASLOptions } from "kafkajs";

/** How to reach the brokers and who we are to them. */
export interface KafkaOptions {
  /** `host:port`; any of them will do to find the others. */
  readonly brokers: readonly string[];
  readonly auth: "none" | "plain" | "scram-sha-256" | "scram-sha-512";
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls: boolean;
  /** Certificates (PEM) to trust beside those that everybody trusts: a cluster with an authority of its own. */
  readonly ca?: string | undefined;
  /** For each request; 5,000. */
  readonly timeoutMs?: number;
}

/** The brokers, with the connection that asks about topics and groups already made. */
export interface OpenKafka {
  readonly kafka: Kafka;
  readonly admin: Admin;
  close(): Promise<void>;
}

/** Kafka could not be asked. The message is one clear line without a secret. */
export class KafkaAway extends Error {
  override readonly name = "KafkaAway";
}

/** @throws KafkaAway within about three times `timeoutMs`. */
export async function openKafka(options: KafkaOptions): Promise<OpenKafka> {
  const { brokers, tls, ca, timeoutMs = 5_000 } = options;
  const kafka = new Kafka({
    clientId: "rondo-ops",
    brokers: [...brokers],
    ...(tls ? { ssl: ca === undefined ? true : { ca: [...rootCertificates, ca] } } : {}),
    ...saslOf(options),
    connectionTimeout: Math.min(timeoutMs, 3_000),
    requestTimeout: timeoutMs,
    enforceRequestTimeout: true,
    retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 1_000 },
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
  } catch (error) {
    await admin.disconnect();
    throw new KafkaAway(`Kafka cannot be reached at ${brokers.join(", ")}: ${reasonOf(error)}`, { cause: error });
  }
  return { kafka, admin, close: () => admin.disconnect() };
}

/** What kafkajs says, without its own words about retries. */
export function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return (inner instanceof Error ? inner.message : String(inner)).replaceAll(/\s+/g, " ");
}

function saslOf({ auth, username = "", password = "" }: KafkaOptions): { sasl?: SASLOptions } {
  return auth === "none" ? {} : { sasl: { mechanism: auth, username, password } };
}
