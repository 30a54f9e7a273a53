import { contractOf, type EventType } from "./contracts.ts";

export const topics = ["task-events", "task-updates"] as const;

/** `task-events`: every fact, whole. `task-updates`: slim, broadcast to whoever shows things live. */
export type Topic = (typeof topics)[number];

/** Where the events of a type are published: whole, and slim if the type has a signal. */
export function topicsOf(eventType: EventType): readonly Topic[] {
  if (eventType === "workspace.changed.v1") return ["task-updates"];
  return contractOf(eventType).signal === undefined ? ["task-events"] : ["task-events", "task-updates"];
}
