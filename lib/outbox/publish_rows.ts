import type { Bus, PublishOutcome } from "@rondo/bus";
import { type CloudEvent, eventFor, parseEvent, type Topic, topics, topicsOf } from "@rondo/event";
import { continueTrace } from "@rondo/telemetry";
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
    if (parsed.ok) items.push({ id, event: parsed.event, outcomes: new Map() });
    else refused.push({ id, reason: parsed.reasons.join("; ") });
  }
  await Promise.all(topics.map((topic) => publishTo(bus, topic, items, progress)));
  const done: number[] = [];
  const times: string[] = [];
  for (const { id, event, outcomes } of items) {
    const refusing = [...outcomes].filter(([, outcome]) => outcome === "refused").map(([topic]) => topic);
    if (refusing.length > 0) refused.push({ id, reason: `refused by the engine on ${refusing.join(", ")}` });
    else if (topicsOf(event.type).every((topic) => outcomes.get(topic) === "acknowledged")) {
      done.push(id);
      times.push(event.time);
    }
  }
  remember(items, [...done, ...refused.map(({ id }) => id)], progress);
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
  for (const { event } of items) trace(topic, event, publishing);
  const outcomes = await publishing;
  for (const [index, item] of items.entries()) item.outcomes.set(topic, outcomes[index] ?? "unknown");
}

/** One span per event in the trace of the request that caused it, as long as the call that carries the event. */
function trace(topic: Topic, event: CloudEvent, publishing: Promise<unknown>): void {
  const attributes = { "messaging.destination.name": topic, "messaging.message.id": event.id };
  const spanned = continueTrace(event.traceparent, `publish ${topic}`, () => publishing, {
    kind: "producer",
    attributes,
  });
  spanned.catch(() => undefined);
}

function remember(items: readonly Item[], settled: readonly number[], progress: Progress): void {
  for (const { id, outcomes } of items) {
    const acknowledged = [...outcomes].filter(([, outcome]) => outcome === "acknowledged").map(([topic]) => topic);
    progress.set(id, new Set(acknowledged));
  }
  for (const id of settled) progress.delete(id);
}
