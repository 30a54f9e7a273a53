import { type AnyEvent, parseEnvelope, parseEvent, type Signal, signalOf, topicsOf } from "@rondo/event";

/** The event of a row, as it is handed to the bus. Only its envelope was looked at: the type may be one that this program does not know. */
export interface Outgoing {
  readonly event: AnyEvent;
  /** What its live signal says; undefined for an event that has none, or that is one itself. */
  readonly signal: Signal | undefined;
}

/** The event of a row, or why there is none: reasons name members and never quote them. */
export function outgoingOf({ payload, signal }: { payload: unknown; signal: Signal | null }): Outgoing | string {
  const parsed = parseEnvelope(payload);
  return parsed.ok ? { event: parsed.event, signal: signal ?? undefined } : parsed.reasons.join("; ");
}

export interface Destination {
  readonly topics: readonly string[];
  readonly signal: Signal | undefined;
}

/** Where an event goes whose writer, of an older version, has left that to the relay; or why nobody can tell. */
export function destinationOf(payload: unknown): Destination | string {
  const parsed = parseEvent(payload);
  if (!parsed.ok) return parsed.reasons.join("; ");
  if (!parsed.known) return `unknown event type ${parsed.event.type}`;
  return { topics: topicsOf(parsed.event.type), signal: signalOf(parsed.event) };
}
