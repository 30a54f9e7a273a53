import type { Bus, PublishOutcome } from "@rondo/bus";
import { type AnyEvent, eventFor } from "@rondo/event";
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

/** Publishes rows to one topic, in their order. A row that holds no event, or none that this topic can carry, counts as refused. */
export async function publishRows(bus: Bus, topic: string, rows: readonly LoadedRow[]): Promise<Answered> {
  const unreadable: { id: number; reason: string }[] = [];
  const ready: Ready[] = [];
  for (const row of rows) {
    const made = typeof row.outgoing === "string" ? row.outgoing : eventOf(topic, row.outgoing);
    if (typeof made === "string" || !isReadable(row)) unreadable.push({ id: row.id, reason: String(made) });
    else ready.push({ row, event: made });
  }
  const outcomes = ready.length === 0 ? [] : await ask(bus, topic, ready);
  const those = (wanted: PublishOutcome) =>
    ready.filter((_, index) => (outcomes[index] ?? "unknown") === wanted).map(({ row }) => row);
  const refused = those("refused").map(({ id }) => ({ id, reason: `refused by the engine on ${topic}` }));
  return { acknowledged: those("acknowledged"), refused: [...unreadable, ...refused], unknown: those("unknown") };
}

interface Ready {
  readonly row: ReadableRow;
  readonly event: AnyEvent;
}

function isReadable(row: LoadedRow): row is ReadableRow {
  return typeof row.outgoing !== "string";
}

/** The event as this topic carries it, or why it cannot: a signal of a newer version may break this version's contract. */
function eventOf(topic: string, { event, signal }: Outgoing): AnyEvent | string {
  try {
    return eventFor(topic, event, signal);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function ask(bus: Bus, topic: string, ready: readonly Ready[]): Promise<readonly PublishOutcome[]> {
  const publishing = bus.publish(
    topic,
    ready.map(({ event }) => event),
  );
  for (const { row } of ready) {
    const { traceparent, id } = row.outgoing.event;
    const attributes = { "messaging.destination.name": topic, "messaging.message.id": id };
    recordInTrace(traceparent, `publish ${topic}`, publishing, { kind: "producer", attributes });
  }
  return await publishing;
}
