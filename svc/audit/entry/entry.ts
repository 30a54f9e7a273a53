import type { AuditEntry } from "@rondo/contract";
import { type CloudEvent, signalOf } from "@rondo/event";

/** An entry with the workspace that may see it. */
export interface NewEntry extends AuditEntry {
  readonly workspace_id: string;
}

/** The entry of a fact; undefined for an event that states none. */
export function entryOf(event: CloudEvent, id: string): NewEntry | undefined {
  if (event.type === "workspace.changed.v1") return undefined;
  return {
    id,
    workspace_id: event.workspaceid,
    event_id: event.id,
    type: event.type,
    time: event.time,
    actor_id: event.actorid,
    actor_type: event.actortype,
    ...thingOf(event),
    changes: event.data.changes,
  };
}

/** What a fact is about is what its signal says that it changed; a fact without one is about the workspace. */
function thingOf(event: CloudEvent): Pick<AuditEntry, "task_id" | "project_id"> {
  const signal = signalOf(event);
  return { task_id: signal?.kind === "task" ? signal.id : null, project_id: signal?.project_id ?? null };
}
