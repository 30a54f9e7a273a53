import { idSchema, projectSchema, taskSchema } from "@rondo/task";
import { type } from "arktype";

/** What a change did: the name of each field that changed, with its value before and after. */
const changes = type({ "[string]": ["unknown", "unknown"] });

const taskFact = type({ task: taskSchema, changes }).onDeepUndeclaredKey("ignore");
const projectFact = type({ project: projectSchema, changes }).onDeepUndeclaredKey("ignore");

/**
 * Says *what* changed and never its content. `type` is the fact's type, `kind` the word of api.md ("task", "project"):
 * an open string, so that a new kind of thing does not break those who read this one.
 */
const workspaceChanged = type({
  type: "string",
  kind: "string",
  id: idSchema,
  project_id: idSchema.or("null"),
  version: "number.integer >= 1",
});

/** The contract of each type of event: the schema of its `data`. A published version only ever gains optional members. */
export const contracts = {
  "task.created.v1": taskFact,
  "task.updated.v1": taskFact,
  "task.completed.v1": taskFact,
  "task.reopened.v1": taskFact,
  "task.moved.v1": taskFact,
  "task.deleted.v1": taskFact,
  "task.restored.v1": taskFact,
  "project.created.v1": projectFact,
  "project.updated.v1": projectFact,
  "project.archived.v1": projectFact,
  "project.restored.v1": projectFact,
  "project.deleted.v1": projectFact,
  "workspace.changed.v1": workspaceChanged,
} as const;

export type EventType = keyof typeof contracts;
export type DataOf<T extends EventType> = (typeof contracts)[T]["infer"];

/** The types that state a fact about a task or project: everything that verbs append to the outbox. */
export type FactType = Exclude<EventType, "workspace.changed.v1">;

/** What a change did, by field: `[before, after]`. */
export type Changes = typeof changes.infer;

export function isEventType(name: string): name is EventType {
  return Object.hasOwn(contracts, name);
}

export const eventTypes: readonly EventType[] = Object.keys(contracts).filter(isEventType);
