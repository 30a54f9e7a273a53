import type { AnyEvent } from "@rondo/event";
import type { Consumer } from "./consumer.ts";
import { deliver } from "./deliver.ts";
import type { Delivery, Outcome } from "./port.ts";

/** What is known of an event after its batch. `untried`: nothing; it waits behind one of its key, or is to be tried alone. */
export type Fate = Exclude<Outcome, { readonly result: "unavailable" }> | { readonly result: "untried" };

const untried: Fate = { result: "untried" };

/** A batch that fails as a whole is cut in half again and again for no longer than this: the others of its partition wait. */
const splitForMs = 500;

/**
 * Delivers a batch so that an event fails for itself only. When the handler fails as a whole, each half is delivered by itself, and
 * so on down to the events at fault; what that takes too long for is left to be tried alone, later. After an event
 * that failed, the later ones of its key are not delivered.
 * @returns a fate for each, in the same order; undefined when something that the handler needs is away
 */
export async function deliverApart(
  consumer: Consumer,
  deliveries: readonly Delivery<AnyEvent>[],
): Promise<readonly Fate[] | undefined> {
  const fates = new Map<Delivery<AnyEvent>, Fate>();
  const held = new Set<string>();
  const splitUntil = performance.now() + splitForMs;
  const parts = [deliveries];
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const free = part.filter(({ key }) => !held.has(key));
    if (free.length === 0) continue;
    const { outcomes, whole } = await deliver(consumer, free);
    if (outcomes.some(({ result }) => result === "unavailable")) return undefined;
    if (!whole || free.length === 1) noteFates(free, outcomes, fates, held);
    else if (performance.now() < splitUntil) {
      const middle = Math.ceil(free.length / 2);
      parts.unshift(free.slice(0, middle), free.slice(middle));
    } else for (const { key } of free) held.add(key);
  }
  return deliveries.map((delivery) => fates.get(delivery) ?? untried);
}

function noteFates(
  deliveries: readonly Delivery<AnyEvent>[],
  outcomes: readonly Outcome[],
  fates: Map<Delivery<AnyEvent>, Fate>,
  held: Set<string>,
): void {
  for (const [index, delivery] of deliveries.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined || outcome.result === "unavailable") continue;
    if (outcome.result === "failed" && held.has(delivery.key)) continue;
    fates.set(delivery, outcome);
    if (outcome.result === "failed") held.add(delivery.key);
  }
}
