import { taskContract } from "@rondo/contract";
import { type AppEnv, type Guards, mount } from "@rondo/http";
import type { Hono } from "hono";
import type { Deps } from "../deps.ts";
import { createTask } from "./create.ts";
import { moveTask } from "./move.ts";
import { listTasks, readTask } from "./read.ts";
import { complete, patch, remove, reopen, restore } from "./verbs.ts";

/** `/api/v1/tasks`. */
export function taskRoutes(deps: Deps, guards: Guards): Hono<AppEnv> {
  return mount(taskContract, guards, {
    list: ({ principal, query }) => listTasks(deps, principal, query),
    create: ({ principal, body, reserved_id }) => createTask(deps, principal, body, reserved_id),
    get: ({ principal, id }) => readTask(deps, principal, id),
    patch: ({ principal, id, body, version }) => patch(deps, principal, { id, body, version }),
    remove: ({ principal, id, version }) => remove(deps, principal, { id, version }),
    complete: ({ principal, id, version }) => complete(deps, principal, { id, version }),
    reopen: ({ principal, id, version }) => reopen(deps, principal, { id, version }),
    restore: ({ principal, id, version }) => restore(deps, principal, { id, version }),
    move: ({ principal, id, body, version }) => moveTask(deps, principal, { id, body, version }),
  });
}
