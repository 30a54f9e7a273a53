import { notFound } from "@rondo/problem";
import type { Project, Task } from "@rondo/task";
import { type Call, discard, readChanged, readValue, type Send } from "./call.ts";
import { createSessions } from "./sessions.ts";
import type { Api, Changed, Page, Projects, Tasks } from "./types.ts";

const v1 = "/api/v1";

/** The calls of the public interface, one method each. */
export function createApi(send: Send): Api {
  return {
    me: async () => readValue(await send({ path: `${v1}/me` })),
    tasks: createTasks(send),
    projects: createProjects(send),
    undo: async (operation_id) => readValue(await send({ method: "POST", path: `${v1}/undo`, body: { operation_id } })),
    audit: { list: async (query) => readValue(await send({ service: "audit", path: `${v1}/audit`, query })) },
    tokens: {
      list: async () => readValue(await send({ path: `${v1}/tokens` })),
      create: async (body) => readValue(await send({ method: "POST", path: `${v1}/tokens`, body })),
      revoke: async (id) => discard(await send({ method: "DELETE", path: item("tokens", id) })),
    },
    sessions: createSessions(send),
  };
}

function createTasks(send: Send): Tasks {
  const change = async (call: Call): Promise<Changed<Task>> => readChanged(await send(call));
  return {
    list: async (query): Promise<Page<Task>> => readValue(await send({ path: `${v1}/tasks`, query })),
    get: async (id) => readValue(await send({ path: item("tasks", id) })),
    create: (body, options) => change({ method: "POST", path: `${v1}/tasks`, body, ...options }),
    patch: async (id, body, options) => change({ method: "PATCH", path: item("tasks", id), body, ...options }),
    complete: async (id, options) => change({ method: "POST", path: item("tasks", id, "completion"), ...options }),
    reopen: async (id, options) => change({ method: "DELETE", path: item("tasks", id, "completion"), ...options }),
    remove: async (id, options) => change({ method: "DELETE", path: item("tasks", id), ...options }),
    restore: async (id, options) => change({ method: "POST", path: item("tasks", id, "restoration"), ...options }),
    move: async (id, body, options) => change({ method: "POST", path: item("tasks", id, "move"), body, ...options }),
  };
}

function createProjects(send: Send): Projects {
  const change = async (call: Call): Promise<Changed<Project>> => readChanged(await send(call));
  return {
    list: async (query): Promise<Page<Project>> => readValue(await send({ path: `${v1}/projects`, query })),
    get: async (id) => readValue(await send({ path: item("projects", id) })),
    create: (body, options) => change({ method: "POST", path: `${v1}/projects`, body, ...options }),
    patch: async (id, body, options) => change({ method: "PATCH", path: item("projects", id), body, ...options }),
    remove: async (id, options) => discard(await send({ method: "DELETE", path: item("projects", id), ...options })),
    move: async (id, body, options) => change({ method: "POST", path: item("projects", id, "move"), body, ...options }),
  };
}

/** An id may come from anywhere: it must not leave its segment of the path, which `..` would even when encoded. */
function item(collection: string, id: string, action?: string): string {
  if (/^\.{0,2}$/.test(id) || !id.isWellFormed()) throw notFound();
  const path = `${v1}/${collection}/${encodeURIComponent(id)}`;
  return action === undefined ? path : `${path}/${action}`;
}
