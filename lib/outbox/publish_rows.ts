import type { Bus, PublishOutcome } from "@rondo/bus";
import { type CloudEvent, eventFor, parseEvent, type Topic, topics, topicsOf } from "@rondo/event";
import { recordInTrace } from "@rondo/telemetry";
import type { OutboxRow } from "./queries.ts";

/** What became of the rows of a batch; the rest is unknown and has to be published again, in the same order. */
export interface Published {
  readonly done: readonly number[];
  /** When the events of `done` happened, in the same order: RFC 3339. */
  readonly times: readonly string[];
  readonly refused: readonly { readonly id: number; readonly reason: string }[];
}

/** Which topics have acknowledged the event of a row that another topic has not. */
export type Progress = Map<number, Set<Topic>>;

interface Item {
  readonly id: number;
  readonly event: CloudEvent;
  readonly outcomes: Map<Topic, PublishOutcome>;
}

/** Publishes each row to all of its topics, in order. `progress` is kept between calls, so that no topic gets more repetitions than it must. */
export async function publishRows(bus: Bus, rows: readonly OutboxRow[], progress: Progress): Promise<Published> {
  const refused: { id: number; reason: string }[] = [];
  const items: Item[] = [];
  for (const { id, payload } of rows) {
    const parsed = parseEvent(payload);
    if (!parsed.ok) refused.push({ id, reason: parsed.reasons.join("; ") });
    else if (!parsed.known) refused.push({ id, reason: `unknown event type ${parsed.event.type}` });
    else items.push({ id, event: parsed.event, outcomes: new Map() });
  }
  await Promise.all(topics.map((topic) => publishTo(bus, topic, items, progress)));
  const done: number[] = [];
  const times: string[] = [];
  for (const { id, event, outcomes } of items) {
    const refusing = topicsWith("refused", outcomes);
    const acknowledged = topicsWith("acknowledged", outcomes);
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

async function publishTo(bus: Bus, topic: Topic, all: readonly Item[], progress: Progress): Promise<void> {
  const items: Item[] = [];
  for (const item of all) {
    if (!topicsOf(item.event.type).includes(topic)) continue;
    if (progress.get(item.id)?.has(topic)) item.outcomes.set(topic, "acknowledged");
    else items.push(item);
  }
  if (items.length === 0) return;
  const publishing = bus.publish(
    topic,
    items.map(({ event }) => eventFor(topic, event)),
  );
  for (const { event } of items) {
    const attributes = { "messaging.destination.name": topic, "messaging.message.id": event.id };
    recordInTrace(event.traceparent, `publish ${topic}`, publishing, { kind: "producer", attributes });
  }
  const outcomes = await publishing;
  for (const [index, item] of items.entries()) item.outcomes.set(topic, outcomes[index] ?? "unknown");
}

function topicsWith(wanted: PublishOutcome, outcomes: ReadonlyMap<Topic, PublishOutcome>): Topic[] {
  return topics.filter((topic) => outcomes.get(topic) === wanted);
}
