import type { AuditEntry } from "@rondo/contract";
import { type AnyEvent, type Changes, changesSchema, parseEvent, signalOf } from "@rondo/event";
import { idSchema } from "@rondo/task";

/** An entry with the workspace that may see it. */
export interface NewEntry extends AuditEntry {
  readonly workspace_id: string;
}

/**
 * The entry of a fact, also of one whose type this program does not know: the envelope and `changes` say enough. Undefined for the slim
 * form of a fact, which states none.
 */
export function entryOf(event: AnyEvent, id: string): NewEntry | undefined {
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
    changes: changesOf(event.data),
  };
}

/** What a fact is about is what its signal says that it changed; a fact without one is about the workspace. */
function thingOf(event: AnyEvent): Pick<AuditEntry, "task_id" | "project_id"> {
  const parsed = parseEvent(event);
  if (!parsed.ok || !parsed.known) return thingNamedBy(event);
  const signal = signalOf(parsed.event);
  return { task_id: signal?.kind === "task" ? signal.id : null, project_id: signal?.project_id ?? null };
}

/** Of an unknown type only the envelope is known: what its subject is stands before the dot of the type. */
function thingNamedBy({ type, subject }: AnyEvent): Pick<AuditEntry, "task_id" | "project_id"> {
  const idOf = (kind: string) => (type.startsWith(`${kind}.`) && idSchema.allows(subject) ? subject : null);
  return { task_id: idOf("task"), project_id: idOf("project") };
}

/** Nothing when the data has no `changes` in their form. */
function changesOf(data: object): Changes {
  const { changes } = { changes: undefined, ...data };
  return changesSchema.allows(changes) ? changes : {};
}
