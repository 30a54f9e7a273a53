import type { AnyEvent } from "@rondo/event";
import type { Consumer } from "./consumer.ts";
import type { Content } from "./content.ts";
import { deliverApart, type Fate } from "./deliver_apart.ts";
import { isNamed } from "./event_types.ts";
import { type NewParked, queueOfEvent, queueOfKey } from "./parked/queue.ts";
import { pauseAfter } from "./policy.ts";
import type { Delivery } from "./port.ts";
import { storable } from "./storable.ts";

/** A record of an engine's log, on its way through a group. */
export interface Incoming {
  readonly key: string;
  readonly partition: number;
  readonly content: Content;
  /** The event as JSON, to be parked. */
  readonly text: () => string;
}

/** An event that a group gave up in its batch. */
export interface Dead<Item> {
  readonly item: Item;
  readonly reason: string;
  readonly tries: number;
}

/** What must be kept before a batch can be left behind; all the rest of it is done. */
export interface Settlement<Item> {
  readonly parked: readonly NewParked[];
  readonly dead: readonly Dead<Item>[];
}

/**
 * Takes a batch of the log through the handler.
 * @param held the keys that have events parked: what comes later waits behind those
 * @returns undefined when something that the group needs is away: nothing of the batch is settled
 */
export async function takeBatch<Item extends Incoming>(
  consumer: Consumer,
  items: readonly Item[],
  held: ReadonlySet<string>,
): Promise<Settlement<Item> | undefined> {
  const sorted = items.map((item) => ({ item, ...sort(consumer, item, held) }));
  const deliveries = sorted.flatMap(({ delivery }) => delivery ?? []);
  const fates = deliveries.length === 0 ? [] : await consumer.load.during(() => deliverApart(consumer, deliveries));
  if (fates === undefined) return undefined;
  const fateOf = new Map(deliveries.map((delivery, index) => [delivery, fates[index]]));
  const [parked, dead]: [NewParked[], Dead<Item>[]] = [[], []];
  for (const { item, delivery, unreadable, park } of sorted) {
    const fate = delivery && fateOf.get(delivery);
    const kept = park ?? (fate && parkedBy(consumer, item, fate));
    if (kept !== undefined) parked.push(kept);
    if (unreadable !== undefined) dead.push({ item, reason: unreadable, tries: 0 });
    const reason = fate && reasonToGiveUp(consumer, fate);
    if (reason !== undefined) dead.push({ item, reason, tries: 1 });
  }
  return { parked, dead };
}

/** What to do with a record: deliver it, give it up, park it, or none of these, which passes it over. */
interface Sorted {
  readonly delivery?: Delivery<AnyEvent>;
  readonly unreadable?: string;
  readonly park?: NewParked;
}

function sort({ subscription, retentionMs }: Consumer, item: Incoming, held: ReadonlySet<string>): Sorted {
  const { key, content } = item;
  if (content.is === "unreadable") return { unreadable: storable(content.reason) };
  if (content.is === "addressed" || !isNamed(subscription.types, content.event.type)) return {};
  const { event, known } = content;
  if (!known && subscription.reads !== "envelope") {
    const reason = `no running program knew the version of ${event.type}`;
    const about = { queue: queueOfEvent(event.id), unknown_type: event.type, reason, pause_ms: retentionMs };
    return { park: { ...untriedAs(item), ...about } };
  }
  if (held.has(key)) return { park: untriedAs(item) };
  return { delivery: { topic: subscription.topic, key, event, attempt: 1 } };
}

function parkedBy({ policy }: Consumer, item: Incoming, fate: Fate): NewParked | undefined {
  if (fate.result === "untried") return untriedAs(item);
  if (fate.result !== "failed" || policy.tries <= 1) return undefined;
  return { ...untriedAs(item), tries: 1, reason: storable(fate.reason), pause_ms: pauseAfter(1, policy) };
}

function reasonToGiveUp({ policy }: Consumer, fate: Fate): string | undefined {
  const isDead = fate.result === "refused" || (fate.result === "failed" && policy.tries <= 1);
  return isDead ? storable(fate.reason) : undefined;
}

/** An event to be parked as it is. */
export function untriedAs({ key, partition, text }: Incoming): NewParked {
  const event = text();
  return {
    queue: queueOfKey(key),
    key: storable(key),
    partition,
    event,
    unknown_type: null,
    tries: 0,
    reason: null,
    pause_ms: 0,
  };
}
