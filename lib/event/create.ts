import type { DataOf, EventType, FactType } from "./contracts.ts";
import type { AnyEvent, CloudEvent } from "./envelope.ts";
import { parseEvent } from "./parse.ts";

/** What the maker of an event says about it. */
export interface EventInput<T extends EventType> {
  /** UUIDv7; the same id whenever the event is published again. */
  readonly id: string;
  /** The service that states it, such as `/rondo/api` (CloudEvents 1.0 section 3.1.1). */
  readonly source: string;
  /** RFC 3339 in UTC: when it happened. */
  readonly time: string;
  /** Id of the thing that it is about. */
  readonly subject: string;
  readonly workspace_id: string;
  readonly actor_id: string;
  readonly actor_type: CloudEvent["actortype"];
  /** W3C trace context of the request that caused it. A malformed one is left out, as Trace Context section 3.2 says. */
  readonly traceparent?: string | undefined;
  readonly data: DataOf<T>;
}

const traceparentForm = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Makes the fact that a verb appends to the outbox.
 * @throws TypeError when it breaks its own contract: a defect of the caller, found before anything is written.
 */
export function createEvent<T extends FactType>(eventType: T, input: EventInput<T>): CloudEvent<T> {
  return build(eventType, input);
}

/** Wraps data into the envelope and holds it against its contract. */
export function build<T extends EventType>(eventType: T, input: EventInput<T>): CloudEvent<T> {
  const parsed = parseEvent({
    specversion: "1.0",
    id: input.id,
    source: input.source,
    type: eventType,
    subject: input.subject,
    time: input.time,
    datacontenttype: "application/json",
    dataschema: `/schemas/${eventType}.json`,
    workspaceid: input.workspace_id,
    actorid: input.actor_id,
    actortype: input.actor_type,
    ...(input.traceparent !== undefined && traceparentForm.test(input.traceparent)
      ? { traceparent: input.traceparent }
      : {}),
    data: input.data,
  });
  if (!parsed.ok) throw new TypeError(`Not a ${eventType}: ${parsed.reasons.join("; ")}`);
  if (!isOfType(parsed.event, eventType)) throw new TypeError(`Not a ${eventType} but a ${parsed.event.type}`);
  return parsed.event;
}

function isOfType<T extends EventType>(event: AnyEvent, eventType: T): event is CloudEvent<T> {
  return event.type === eventType;
}
