import { type AnyEvent, parseEvent, type Topic } from "@rondo/event";
import { continueTrace, type Log } from "@rondo/telemetry";
import type { Broadcast } from "./port.ts";

/** Tells every handler of a broadcast of the event, in its trace; what this program does not know is passed over. One that throws is logged, and the others hear it all the same. */
export function hear(topic: Topic, event: AnyEvent, handlers: readonly Broadcast["handle"][], log: Log): void {
  const parsed = parseEvent(event);
  if (!parsed.ok || !parsed.known) return;
  const known = parsed.event;
  const attributes = { "messaging.destination.name": topic, "messaging.message.id": event.id };
  for (const handle of handlers) {
    try {
      continueTrace(event.traceparent, `hear ${event.type}`, () => handle(known), { kind: "consumer", attributes });
    } catch (error) {
      log.error("a broadcast handler failed", { topic, event_id: event.id, error });
    }
  }
}
