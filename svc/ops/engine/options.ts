import { choice, optional } from "@rondo/config";
import { fromEnvironment, type ValuesOf } from "../cli/option.ts";
import { databaseOptions, withDatabase } from "../database/options.ts";
import { brokersOption, kafkaOptions, withKafka } from "../kafka/options.ts";
import type { EventEngine } from "./port.ts";

/** Which engine a deployment runs on decides where its events are, and which schemas it has. */
export const whichEngineOptions = {
  engine: fromEnvironment(
    optional(
      choice(["dapr", "local"], {
        name: "RONDO_ENGINE",
        description:
          "What carries events and jobs: dapr (Kafka) or local (PostgreSQL); without it dapr when RONDO_KAFKA_BROKERS is set, else local.",
        example: "local",
      }),
    ),
    "--engine",
  ),
  brokers: brokersOption,
};

export function engineOf({ engine, brokers }: ValuesOf<typeof whichEngineOptions>): "dapr" | "local" {
  return engine ?? (brokers === undefined ? "local" : "dapr");
}

/** How a command reaches the engine, whichever it is. */
export const engineOptions = { ...whichEngineOptions, ...databaseOptions, ...kafkaOptions };

/** Does the work with the engine open. What it needs is loaded only now: most of the time of a start is loading. */
export async function withEngine<T>(
  values: ValuesOf<typeof engineOptions>,
  work: (engine: EventEngine) => Promise<T>,
): Promise<T> {
  if (engineOf(values) === "dapr") {
    const { kafkaEngine } = await import("./kafka.ts");
    return await withKafka(values, (open) => work(kafkaEngine(open)));
  }
  const { localEngine } = await import("./local.ts");
  return await withDatabase(values, (db) => work(localEngine(db)));
}
