/** Makers of whole, valid events for tests: `import { taskEvent } from "@rondo/event/testing"`. */
import type { Project, Task } from "@rondo/task";
import { aProject, aTask, newId } from "@rondo/testing";
import type { CloudEvent, FactType } from "./index.ts";
import { createEvent, projectEventData, taskEventData } from "./index.ts";

/** A purge carries less than the others. */
type Purge = `${string}.purged.v1`;
type TaskFact = Exclude<Extract<FactType, `task.${string}`>, Purge>;
type ProjectFact = Exclude<Extract<FactType, `project.${string}`>, Purge>;

/** What a test says about an event; whatever it leaves out is made up, valid and new. */
export interface Wanted {
  readonly id?: string;
  readonly source?: string;
  readonly workspace_id?: string;
  readonly actor_id?: string;
  readonly actor_type?: CloudEvent["actortype"];
  readonly time?: string;
  readonly traceparent?: string;
  readonly changes?: Record<string, [unknown, unknown]>;
}

export function taskEvent<T extends TaskFact>(type: T, wanted: Wanted & { task?: Partial<Task> } = {}): CloudEvent<T> {
  const envelope = envelopeOf(wanted);
  const task = taskEventData(aTask({ workspace_id: envelope.workspace_id, ...wanted.task }));
  const data = { task, changes: wanted.changes ?? { title: [null, task.title] } };
  return createEvent<TaskFact>(type, { ...envelope, subject: task.id, data }) as CloudEvent<T>;
}

export function projectEvent<T extends ProjectFact>(
  type: T,
  wanted: Wanted & { project?: Partial<Project> } = {},
): CloudEvent<T> {
  const envelope = envelopeOf(wanted);
  const project = projectEventData(aProject({ workspace_id: envelope.workspace_id, ...wanted.project }));
  const data = { project, changes: wanted.changes ?? { name: [null, project.name] } };
  return createEvent<ProjectFact>(type, { ...envelope, subject: project.id, data }) as CloudEvent<T>;
}

function envelopeOf(wanted: Wanted) {
  return {
    id: wanted.id ?? newId(),
    source: wanted.source ?? "/rondo/api",
    time: wanted.time ?? new Date().toISOString(),
    workspace_id: wanted.workspace_id ?? newId(),
    actor_id: wanted.actor_id ?? newId(),
    actor_type: wanted.actor_type ?? ("user" as const),
    traceparent: wanted.traceparent,
  };
}
