import { operationContract } from "@rondo/contract";
import { type AppEnv, type Guards, mount } from "@rondo/http";
import type { Hono } from "hono";
import type { Deps } from "../deps.ts";
import { type Undoers, undo } from "./undo.ts";

/** `/api/v1/undo`. */
export function operationRoutes(deps: Deps, undoers: Undoers, guards: Guards): Hono<AppEnv> {
  return mount(operationContract, guards, {
    undo: ({ principal, body }) => undo(deps, undoers, principal, body.operation_id),
  });
}
