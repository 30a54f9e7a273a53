import { type AnyEvent, isEventType, parseEnvelope, parseEvent, type Signal, signalOf, topicsOf } from "@rondo/event";
import type { PayloadRow, WaitingRow } from "./queries.ts";

/** The event of a row, as it is handed to the bus. Only its envelope was looked at: the type may be one that this program does not know. */
export interface Outgoing {
  readonly event: AnyEvent;
  /** What its live signal says; undefined for an event that has none, or that is one itself. */
  readonly signal: Signal | undefined;
}

/** Where the event of a row goes: as its writer said, or by its type when the writer left that to the relay. None for a type that nobody knows. */
export function destinationsOf({ topics, type }: WaitingRow): readonly string[] {
  if (topics !== null) return topics;
  return isEventType(type) ? topicsOf(type) : [];
}

/** The event of a row, or why there is none: reasons name members and never quote them. */
export function outgoingOf({ payload, signal }: PayloadRow, saysTopics: boolean): Outgoing | string {
  if (saysTopics) {
    const parsed = parseEnvelope(payload);
    return parsed.ok ? { event: parsed.event, signal: signal ?? undefined } : parsed.reasons.join("; ");
  }
  const parsed = parseEvent(payload);
  if (!parsed.ok) return parsed.reasons.join("; ");
  if (!parsed.known) return `unknown event type ${parsed.event.type}`;
  return { event: parsed.event, signal: signalOf(parsed.event) };
}
