import type { Principal } from "@rondo/identity";
import type { Project, Task } from "@rondo/task";

/** A fresh UUIDv7. */
export const newId = (): string => Bun.randomUUIDv7();

const instant = "2026-01-31T08:00:00.000Z";

/** The owner of a fresh workspace, acting in person, unless told otherwise. */
export function aPrincipal(overrides: Partial<Principal> = {}): Principal {
  const id = overrides.user_id ?? overrides.actor_id ?? newId();
  return {
    actor_id: id,
    actor_type: "user",
    user_id: id,
    workspace_id: newId(),
    role: "owner",
    scopes: ["tasks:read", "tasks:write", "workspace:admin"],
    ...overrides,
  };
}

/** A project as the api answers it. */
export function aProject(overrides: Partial<Project> = {}): Project {
  return {
    id: newId(),
    workspace_id: newId(),
    name: "House",
    color: "blue",
    is_inbox: false,
    position: "a0",
    archived_at: null,
    version: 1,
    created_at: instant,
    created_by: newId(),
    updated_at: instant,
    ...overrides,
  };
}

/** An open task as the api answers it, without a due date. */
export function aTask(overrides: Partial<Task> = {}): Task {
  return {
    id: newId(),
    workspace_id: newId(),
    project_id: newId(),
    title: "Buy milk",
    notes: "",
    priority: "low",
    due_date: null,
    due_time: null,
    time_zone: null,
    due_at: null,
    completed_at: null,
    completed_by: null,
    deleted_at: null,
    position: "a0",
    version: 1,
    created_at: instant,
    created_by: newId(),
    updated_at: instant,
    ...overrides,
  };
}
