import { projectContract } from "@rondo/contract";
import { type AppEnv, type Guards, mount } from "@rondo/http";
import type { Hono } from "hono";
import type { Deps } from "../deps.ts";
import { createProject } from "./create.ts";
import { moveProject } from "./move.ts";
import { listProjects, readProject } from "./read.ts";
import { patch, remove } from "./verbs.ts";

/** `/api/v1/projects`. */
export function projectRoutes(deps: Deps, guards: Guards): Hono<AppEnv> {
  return mount(projectContract, guards, {
    list: ({ principal, query }) => listProjects(deps, principal, query),
    create: ({ principal, body, reserved_id }) => createProject(deps, principal, body, reserved_id),
    get: ({ principal, id }) => readProject(deps, principal, id),
    patch: ({ principal, id, body, version }) => patch(deps, principal, { id, body, version }),
    async remove({ principal, id, version }) {
      const { operation_id } = await remove(deps, principal, { id, version });
      return { value: undefined, operation_id };
    },
    move: ({ principal, id, body, version }) => moveProject(deps, principal, { id, body, version }),
  });
}
