import { type CloudEvent, signalOf } from "@rondo/event";
import { actorTypes } from "@rondo/identity";
import { idSchema, instantSchema } from "@rondo/task";
import { type } from "arktype";

/** One line of the trail, as it is stored and answered: who did what, when, to what, before and after. */
export const entrySchema = type({
  id: idSchema,
  event_id: idSchema,
  type: type("string").describe("what happened, such as task.completed.v1"),
  time: instantSchema,
  actor_id: "string",
  actor_type: type.enumerated(...actorTypes),
  task_id: idSchema.or("null"),
  project_id: idSchema.or("null").describe("the project, or the one that the task was in afterwards"),
  changes: type({ "[string]": ["unknown", "unknown"] }).describe("each field that changed: its value before and after"),
});
export type Entry = Readonly<typeof entrySchema.infer>;

/** An entry with the workspace that may see it. */
export interface NewEntry extends Entry {
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
function thingOf(event: CloudEvent): Pick<Entry, "task_id" | "project_id"> {
  const signal = signalOf(event);
  return { task_id: signal?.kind === "task" ? signal.id : null, project_id: signal?.project_id ?? null };
}
