import type { Delivery, Outcome } from "./port.ts";

const waits: Outcome = { result: "failed", reason: "an earlier event of its key has to be tried again" };

/**
 * Makes a batch handler of one that takes a single event: one by one, in order. A throw counts as `failed`. After an
 * event that must be tried again the later ones of its key are left alone, so that they stay behind it.
 */
export function eachInOrder(
  handle: (delivery: Delivery) => Promise<Outcome>,
): (deliveries: readonly Delivery[]) => Promise<Outcome[]> {
  return async (deliveries) => {
    const held = new Set<string>();
    const outcomes: Outcome[] = [];
    for (const delivery of deliveries) {
      const outcome = held.has(delivery.key) ? waits : await attempt(handle, delivery);
      if (outcome.result === "failed") held.add(delivery.key);
      outcomes.push(outcome);
    }
    return outcomes;
  };
}

async function attempt(handle: (delivery: Delivery) => Promise<Outcome>, delivery: Delivery): Promise<Outcome> {
  try {
    return await handle(delivery);
  } catch (error) {
    return { result: "failed", reason: reasonOf(error) };
  }
}

/** What an error says, short and well-formed enough for every store: PostgreSQL takes neither U+0000 nor half of a surrogate pair. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.slice(0, 500).replaceAll("\0", "\ufffd").toWellFormed();
}
