import { within } from "@rondo/coordination";
import { type AnyEvent, type CloudEvent, parseEvent } from "@rondo/event";
import { continueTrace, recordInTrace } from "@rondo/telemetry";
import type { Consumer } from "./consumer.ts";
import { reasonOf } from "./each_in_order.ts";
import { type Delivery, failed, type Outcome, unavailable } from "./port.ts";

export interface Answer {
  readonly outcomes: readonly Outcome[];
  /** The handler failed as a whole (a throw, no answer in time), so nothing is known of the single events. */
  readonly whole: boolean;
}

/**
 * Hands deliveries to the handler and makes sure that there is exactly one outcome for each, in time. When something failed,
 * the probes say whether that was an outage: then everything that is not done is `unavailable`, and otherwise nothing is.
 */
export async function deliver(consumer: Consumer, deliveries: readonly Delivery<AnyEvent>[]): Promise<Answer> {
  const { outcomes, whole } = await traced(consumer, deliveries);
  const isSuspect = outcomes.some(({ result }) => result === "failed" || result === "unavailable");
  const isAway = isSuspect && (await consumer.gate.isAway());
  const judged = outcomes.map((outcome): Outcome => {
    if (outcome.result !== "failed" && outcome.result !== "unavailable") return outcome;
    return isAway ? unavailable(outcome.reason) : failed(outcome.reason);
  });
  const { topic, group } = consumer.subscription;
  const byResult = Map.groupBy(judged, ({ result }) => result);
  for (const [result, { length }] of byResult) consumer.metrics.delivered(topic, group, result, length);
  return { outcomes: judged, whole };
}

/** One span per event in the trace of the request that caused it; an event that comes alone is also handled in its trace. */
function traced(consumer: Consumer, deliveries: readonly Delivery<AnyEvent>[]): Promise<Answer> {
  const [only, ...others] = deliveries;
  if (only !== undefined && others.length === 0) {
    const { name, ...span } = spanOf(consumer, only);
    return continueTrace(only.event.traceparent, name, () => ask(consumer, deliveries), span);
  }
  const asking = ask(consumer, deliveries);
  for (const delivery of deliveries) {
    const { name, ...span } = spanOf(consumer, delivery);
    recordInTrace(delivery.event.traceparent, name, asking, span);
  }
  return asking;
}

function spanOf({ subscription: { topic, group } }: Consumer, { event }: Delivery<AnyEvent>) {
  const attributes = {
    "messaging.destination.name": topic,
    "messaging.consumer.group.name": group,
    "messaging.message.id": event.id,
  };
  return { name: `consume ${event.type}`, kind: "consumer", attributes } as const;
}

async function ask(consumer: Consumer, deliveries: readonly Delivery<AnyEvent>[]): Promise<Answer> {
  const { timeoutMs } = consumer.policy;
  try {
    const outcomes = await within(
      call(consumer, deliveries),
      timeoutMs,
      `no answer from the handler within ${timeoutMs} ms`,
    );
    if (outcomes.length === deliveries.length) return { outcomes, whole: false };
    throw new Error(`${outcomes.length} outcomes for ${deliveries.length} deliveries`);
  } catch (error) {
    const outcome = failed(reasonOf(error));
    return { outcomes: deliveries.map(() => outcome), whole: true };
  }
}

async function call(
  { subscription }: Consumer,
  deliveries: readonly Delivery<AnyEvent>[],
): Promise<readonly Outcome[]> {
  if (subscription.reads === "envelope") return await subscription.handle(deliveries);
  return await subscription.handle(deliveries.filter(isKnown));
}

/** Events of unknown versions have been sorted out before: this only ties the type to the data. */
function isKnown(delivery: Delivery<AnyEvent>): delivery is Delivery<CloudEvent> {
  const parsed = parseEvent(delivery.event);
  return parsed.ok && parsed.known;
}
