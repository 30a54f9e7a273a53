import { taskContract } from "@rondo/contract";
import { type AppEnv, type Guards, mount } from "@rondo/http";
import type { Hono } from "hono";
import type { Deps } from "../deps.ts";
import { completeTask } from "./complete.ts";
import { createTask } from "./create.ts";
import { deleteTask } from "./delete.ts";
import { listTasks } from "./list.ts";
import { moveTask } from "./move.ts";
import { patchTask } from "./patch.ts";
import { readTask } from "./read.ts";
import { reopenTask } from "./reopen.ts";
import { restoreTask } from "./restore.ts";

/** `/api/v1/tasks`. */
export function taskRoutes(deps: Deps, guards: Guards): Hono<AppEnv> {
  return mount(taskContract, guards, {
    list: ({ principal, query }) => listTasks(deps, principal, query),
    create: ({ principal, body, reserved_id }) => createTask(deps, principal, body, reserved_id),
    get: ({ principal, id }) => readTask(deps, principal, id),
    patch: ({ principal, id, body, version }) => patchTask(deps, principal, { id, patch: body, version }),
    remove: ({ principal, id, version }) => deleteTask(deps, principal, id, version),
    complete: ({ principal, id, version }) => completeTask(deps, principal, id, version),
    reopen: ({ principal, id, version }) => reopenTask(deps, principal, id, version),
    restore: ({ principal, id, version }) => restoreTask(deps, principal, id, version),
    move: ({ principal, id, body, version }) => moveTask(deps, principal, { id, to: body, version }),
  });
}
