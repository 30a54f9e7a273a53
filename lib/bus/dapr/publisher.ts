import { type CloudEvent, eventJson, parseEvent, type Topic } from "@rondo/event";
import { largestEventBytes } from "../largest_event.ts";
import type { PublishOutcome } from "../port.ts";
import { type Message, type Sender, send } from "./send.ts";

/** Publishes what is acceptable, in order for each key. */
export async function publish(
  sender: Sender,
  pubsub: string,
  topic: Topic,
  events: readonly CloudEvent[],
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

/** Undefined for an event that breaks its contract or is too large. */
function toMessage(event: CloudEvent): Message | undefined {
  const text = eventJson(event);
  if (Buffer.byteLength(text) > largestEventBytes || !parseEvent(event).ok) return undefined;
  return { text, key: event.workspaceid };
}
