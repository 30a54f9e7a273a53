import type { EventType } from "./contracts.ts";
import { build } from "./create.ts";
import type { CloudEvent } from "./envelope.ts";

export const topics = ["task-events", "task-updates"] as const;

/** `task-events`: every fact, whole. `task-updates`: slim, broadcast to whoever shows things live. */
export type Topic = (typeof topics)[number];

/** Where the events of a type are published. */
export function topicsOf(eventType: EventType): readonly Topic[] {
  return eventType === "workspace.changed.v1" ? ["task-updates"] : ["task-events", "task-updates"];
}

/** The event as it goes to the topic: whole, or slim. */
export function eventFor(topic: Topic, event: CloudEvent): CloudEvent {
  return topic === "task-updates" ? toUpdate(event) : event;
}

/**
 * The slim form of a fact for `task-updates` (api.md "Live"). It keeps the fact's id; its source differs, so that
 * source and id together stay unique (CloudEvents 1.0 section 3.1).
 */
export function toUpdate(event: CloudEvent): CloudEvent<"workspace.changed.v1"> {
  if (event.type === "workspace.changed.v1") return event;
  return build("workspace.changed.v1", "/rondo/api/updates", {
    id: event.id,
    time: event.time,
    subject: event.subject,
    workspace_id: event.workspaceid,
    actor_id: event.actorid,
    actor_type: event.actortype,
    traceparent: event.traceparent,
    data: { type: event.type, ...thingOf(event.data) },
  });
}

function thingOf(data: Exclude<CloudEvent, CloudEvent<"workspace.changed.v1">>["data"]) {
  if ("task" in data) {
    const { id, project_id, version } = data.task;
    return { kind: "task", id, project_id, version };
  }
  const { id, version } = data.project;
  return { kind: "project", id, project_id: id, version };
}
