import type { Signal } from "./contract.ts";
import { contractOf } from "./contracts.ts";
import { build } from "./create.ts";
import type { AnyEvent, CloudEvent } from "./envelope.ts";
import type { Topic } from "./topics.ts";

const slimTopic: Topic = "task-updates";

/** Which thing a fact changed, for those who show it live; undefined for a fact that no page shows. */
export function signalOf(event: CloudEvent): Signal | undefined {
  return contractOf(event.type).signal?.(event.data);
}

/**
 * The slim form of a fact for `task-updates` (api.md "Live"): also of one whose type this program does not know, since
 * everything comes from the envelope and the signal. It keeps the fact's id; its source differs, so that source and id
 * together stay unique (CloudEvents 1.0 section 3.1).
 */
export function updateOf(fact: AnyEvent, signal: Signal): CloudEvent<"workspace.changed.v1"> {
  return build("workspace.changed.v1", {
    id: fact.id,
    source: `${fact.source}/updates`,
    time: fact.time,
    subject: fact.subject,
    workspace_id: fact.workspaceid,
    actor_id: fact.actorid,
    actor_type: fact.actortype,
    traceparent: fact.traceparent,
    data: { type: fact.type, ...signal },
  });
}

/** An event as it goes to the topic: whole, or slim if it has a signal and the topic takes those. Neither has to be known to this program. */
export function eventFor<Event extends AnyEvent>(
  topic: string,
  event: Event,
  signal: Signal | undefined,
): Event | CloudEvent<"workspace.changed.v1"> {
  return signal !== undefined && topic === slimTopic ? updateOf(event, signal) : event;
}
