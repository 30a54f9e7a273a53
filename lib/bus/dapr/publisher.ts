import { type AnyEvent, eventJson, parseEnvelope } from "@rondo/event";
import { largestEventBytes } from "../largest_event.ts";
import type { PublishOutcome } from "../port.ts";
import { type Message, type Sender, send } from "./send.ts";

/** Publishes what is acceptable, in order for each key. */
export async function publish(
  sender: Sender,
  pubsub: string,
  topic: string,
  events: readonly AnyEvent[],
): Promise<PublishOutcome[]> {
  const messages = events.map(toMessage);
  const acknowledged = (
    await send(
      sender,
      pubsub,
      topic,
      messages.filter((message) => message !== undefined),
    )
  ).values();
  return messages.map((message) => {
    if (message === undefined) return "refused";
    return acknowledged.next().value === true ? "acknowledged" : "unknown";
  });
}

/** Undefined for an event whose envelope is broken or that is too large. */
function toMessage(event: AnyEvent): Message | undefined {
  const text = eventJson(event);
  if (Buffer.byteLength(text) > largestEventBytes || !parseEnvelope(event).ok) return undefined;
  return { text, key: event.workspaceid };
}
