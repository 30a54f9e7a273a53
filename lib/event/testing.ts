/** Makers of whole, valid events for tests: `import { taskEvent } from "@rondo/event/testing"`. */
import type { Project, Task } from "@rondo/task";
import type { CloudEvent, FactType } from "./index.ts";
import { createEvent } from "./index.ts";

type TaskFact = Extract<FactType, `task.${string}`>;
type ProjectFact = Extract<FactType, `project.${string}`>;

/** What a test says about an event; whatever it leaves out is made up, valid and new. */
export interface Wanted {
  readonly id?: string;
  readonly workspace_id?: string;
  readonly actor_id?: string;
  readonly actor_type?: CloudEvent["actortype"];
  readonly time?: string;
  readonly traceparent?: string;
  readonly changes?: Record<string, [unknown, unknown]>;
}

export function taskEvent<T extends TaskFact>(type: T, wanted: Wanted & { task?: Partial<Task> } = {}): CloudEvent<T> {
  const envelope = envelopeOf(wanted);
  const task = exampleTask({ workspace_id: envelope.workspace_id, ...wanted.task });
  const data = { task, changes: wanted.changes ?? { title: [null, task.title] } };
  return createEvent<TaskFact>(type, { ...envelope, subject: task.id, data }) as CloudEvent<T>;
}

export function projectEvent<T extends ProjectFact>(
  type: T,
  wanted: Wanted & { project?: Partial<Project> } = {},
): CloudEvent<T> {
  const envelope = envelopeOf(wanted);
  const project = exampleProject({ workspace_id: envelope.workspace_id, ...wanted.project });
  const data = { project, changes: wanted.changes ?? { name: [null, project.name] } };
  return createEvent<ProjectFact>(type, { ...envelope, subject: project.id, data }) as CloudEvent<T>;
}

export function exampleTask(wanted: Partial<Task> = {}): Task {
  const now = new Date().toISOString();
  return {
    id: Bun.randomUUIDv7(),
    workspace_id: Bun.randomUUIDv7(),
    project_id: Bun.randomUUIDv7(),
    title: "Buy milk",
    notes: "",
    priority: "none",
    due_date: null,
    due_time: null,
    time_zone: null,
    due_at: null,
    completed_at: null,
    completed_by: null,
    deleted_at: null,
    position: "a0",
    version: 1,
    created_at: now,
    created_by: Bun.randomUUIDv7(),
    updated_at: now,
    ...wanted,
  };
}

export function exampleProject(wanted: Partial<Project> = {}): Project {
  const now = new Date().toISOString();
  return {
    id: Bun.randomUUIDv7(),
    workspace_id: Bun.randomUUIDv7(),
    name: "Home",
    color: "gray",
    is_inbox: false,
    position: "a0",
    archived_at: null,
    version: 1,
    created_at: now,
    created_by: Bun.randomUUIDv7(),
    updated_at: now,
    ...wanted,
  };
}

function envelopeOf(wanted: Wanted) {
  return {
    id: wanted.id ?? Bun.randomUUIDv7(),
    time: wanted.time ?? new Date().toISOString(),
    workspace_id: wanted.workspace_id ?? Bun.randomUUIDv7(),
    actor_id: wanted.actor_id ?? Bun.randomUUIDv7(),
    actor_type: wanted.actor_type ?? ("user" as const),
    traceparent: wanted.traceparent,
  };
}
