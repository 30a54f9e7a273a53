import type { Bus, PublishOutcome } from "@rondo/bus";
import { eventFor } from "@rondo/event";
import { recordInTrace } from "@rondo/telemetry";
import type { Outgoing } from "./destination.ts";

/** A row of the outbox that can be published. */
export interface OutgoingRow extends Outgoing {
  readonly id: number;
  readonly topics: readonly string[];
}

/** What became of the rows of a batch; the rest is unknown and has to be published again, in the same order. */
export interface Published {
  readonly done: readonly number[];
  /** When the events of `done` happened, in the same order: RFC 3339. */
  readonly times: readonly string[];
  readonly refused: readonly { readonly id: number; readonly reason: string }[];
}

/** Which topics have acknowledged the event of a row that another topic has not. */
export type Progress = Map<number, Set<string>>;

interface Item extends OutgoingRow {
  readonly outcomes: Map<string, PublishOutcome>;
}

/** Publishes each row to all of its topics, in order. `progress` is kept between calls, so that no topic gets more repetitions than it must. */
export async function publishRows(bus: Bus, rows: readonly OutgoingRow[], progress: Progress): Promise<Published> {
  const items = rows.map((row): Item => ({ ...row, outcomes: new Map() }));
  const topics = new Set(items.flatMap((item) => item.topics));
  await Promise.all([...topics].map((topic) => publishTo(bus, topic, items, progress)));
  const refused: { id: number; reason: string }[] = [];
  const done: number[] = [];
  const times: string[] = [];
  for (const item of items) {
    const { id, event, outcomes } = item;
    const refusing = topicsWith("refused", item);
    const acknowledged = topicsWith("acknowledged", item);
    if (refusing.length > 0) refused.push({ id, reason: `refused by the engine on ${refusing.join(", ")}` });
    else if (acknowledged.length < outcomes.size) {
      progress.set(id, new Set(acknowledged));
      continue;
    } else {
      done.push(id);
      times.push(event.time);
    }
    progress.delete(id);
  }
  return { done, times, refused };
}

async function publishTo(bus: Bus, topic: string, all: readonly Item[], progress: Progress): Promise<void> {
  const items: Item[] = [];
  for (const item of all) {
    if (!item.topics.includes(topic)) continue;
    if (progress.get(item.id)?.has(topic)) item.outcomes.set(topic, "acknowledged");
    else items.push(item);
  }
  if (items.length === 0) return;
  const publishing = bus.publish(
    topic,
    items.map(({ event, signal }) => eventFor(topic, event, signal)),
  );
  for (const { event } of items) {
    const attributes = { "messaging.destination.name": topic, "messaging.message.id": event.id };
    recordInTrace(event.traceparent, `publish ${topic}`, publishing, { kind: "producer", attributes });
  }
  const outcomes = await publishing;
  for (const [index, item] of items.entries()) item.outcomes.set(topic, outcomes[index] ?? "unknown");
}

function topicsWith(wanted: PublishOutcome, { topics, outcomes }: Item): string[] {
  return topics.filter((topic) => outcomes.get(topic) === wanted);
}
