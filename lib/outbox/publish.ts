import type { Bus, PublishOutcome } from "@rondo/bus";
import { eventFor } from "@rondo/event";
import { recordInTrace } from "@rondo/telemetry";
import type { Outgoing } from "./destination.ts";
import type { LoadedRow } from "./loader.ts";

/** What the engine said of each row. */
export interface Answered {
  readonly acknowledged: readonly ReadableRow[];
  readonly refused: readonly { readonly id: number; readonly reason: string }[];
  /** To be published again, in the same order. */
  readonly unknown: readonly ReadableRow[];
}

export interface ReadableRow extends LoadedRow {
  readonly outgoing: Outgoing;
}

/** Publishes rows to one topic, in their order. A row that holds no event counts as refused. */
export async function publishRows(bus: Bus, topic: string, rows: readonly LoadedRow[]): Promise<Answered> {
  const readable = rows.filter(isReadable);
  const unreadable = rows.flatMap(({ id, outgoing }) =>
    typeof outgoing === "string" ? [{ id, reason: outgoing }] : [],
  );
  const outcomes = readable.length === 0 ? [] : await ask(bus, topic, readable);
  const those = (wanted: PublishOutcome) => readable.filter((_, index) => (outcomes[index] ?? "unknown") === wanted);
  const refused = those("refused").map(({ id }) => ({ id, reason: `refused by the engine on ${topic}` }));
  return { acknowledged: those("acknowledged"), refused: [...unreadable, ...refused], unknown: those("unknown") };
}

function isReadable(row: LoadedRow): row is ReadableRow {
  return typeof row.outgoing !== "string";
}

async function ask(bus: Bus, topic: string, rows: readonly ReadableRow[]): Promise<readonly PublishOutcome[]> {
  const publishing = bus.publish(
    topic,
    rows.map(({ outgoing: { event, signal } }) => eventFor(topic, event, signal)),
  );
  for (const { outgoing } of rows) {
    const { traceparent, id } = outgoing.event;
    const attributes = { "messaging.destination.name": topic, "messaging.message.id": id };
    recordInTrace(traceparent, `publish ${topic}`, publishing, { kind: "producer", attributes });
  }
  return await publishing;
}
