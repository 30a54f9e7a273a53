import { within } from "@rondo/coordination";
import { continueTrace, type Log, recordInTrace } from "@rondo/telemetry";
import { reasonOf } from "./each_in_order.ts";
import type { BusMetrics } from "./metrics.ts";
import type { Delivery, DeliveryPolicy, Outcome, Subscription } from "./port.ts";

/** A subscription with everything filled in. */
export interface Consumer {
  readonly subscription: Subscription;
  readonly batchSize: number;
  readonly policy: DeliveryPolicy;
  readonly metrics: BusMetrics;
  readonly log: Log;
}

export interface Answer {
  readonly outcomes: readonly Outcome[];
  /** The handler failed as a whole (a throw, no answer in time), so nothing is known of the single events. */
  readonly whole: boolean;
}

/** Hands deliveries to the handler and makes sure that there is exactly one outcome for each, in time. */
export async function deliver(consumer: Consumer, deliveries: readonly Delivery[]): Promise<Answer> {
  const answer = await traced(consumer, deliveries);
  const { topic, group } = consumer.subscription;
  const byResult = Map.groupBy(answer.outcomes, ({ result }) => result);
  for (const [result, { length }] of byResult) consumer.metrics.delivered(topic, group, result, length);
  return answer;
}

/** One span per event in the trace of the request that caused it; an event that comes alone is also handled in its trace. */
function traced(consumer: Consumer, deliveries: readonly Delivery[]): Promise<Answer> {
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

function spanOf({ subscription: { topic, group } }: Consumer, { event }: Delivery) {
  const attributes = {
    "messaging.destination.name": topic,
    "messaging.consumer.group.name": group,
    "messaging.message.id": event.id,
  };
  return { name: `consume ${event.type}`, kind: "consumer", attributes } as const;
}

async function ask({ subscription, policy }: Consumer, deliveries: readonly Delivery[]): Promise<Answer> {
  try {
    const late = `no answer from the handler within ${policy.timeoutMs} ms`;
    const outcomes = await within(subscription.handle(deliveries), policy.timeoutMs, late);
    if (outcomes.length === deliveries.length) return { outcomes, whole: false };
    throw new Error(`${outcomes.length} outcomes for ${deliveries.length} deliveries`);
  } catch (error) {
    const outcome: Outcome = { result: "failed", reason: reasonOf(error) };
    return { outcomes: deliveries.map(() => outcome), whole: true };
  }
}
