import type { AnyEvent, CloudEvent } from "@rondo/event";
import { type Delivery, failed, type Handler, type Outcome } from "./port.ts";
import { storable } from "./storable.ts";

const waits = failed("an earlier event of its key has to be tried again");

/**
 * Makes a batch handler of one that takes a single event: one by one, in order. A throw counts as `failed`. After an
 * event that must be tried again the later ones of its key are left alone, so that they stay behind it; after `unavailable` all are.
 */
export function eachInOrder<Event extends AnyEvent = CloudEvent>(
  handle: (delivery: Delivery<Event>) => Promise<Outcome>,
): Handler<Event> {
  return async (deliveries) => {
    const held = new Set<string>();
    const outcomes: Outcome[] = [];
    let away: Outcome | undefined;
    for (const delivery of deliveries) {
      const outcome = away ?? (held.has(delivery.key) ? waits : await attempt(handle, delivery));
      if (outcome.result === "failed") held.add(delivery.key);
      if (outcome.result === "unavailable") away = outcome;
      outcomes.push(outcome);
    }
    return outcomes;
  };
}

async function attempt<Event extends AnyEvent>(
  handle: (delivery: Delivery<Event>) => Promise<Outcome>,
  delivery: Delivery<Event>,
): Promise<Outcome> {
  try {
    return await handle(delivery);
  } catch (error) {
    return failed(reasonOf(error));
  }
}

/** What an error says, short enough to be kept. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return storable(text.slice(0, 500));
}
