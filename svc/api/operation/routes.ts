import { type AppEnv, body, bodyErrors, describe } from "@rondo/http";
import { idSchema, projectSchema, taskSchema } from "@rondo/task";
import { type } from "arktype";
import { Hono } from "hono";
import type { Deps } from "../deps.ts";
import type { Guards } from "../guard.ts";
import { undo } from "./undo.ts";

const undoSchema = type({ "+": "reject", operation_id: idSchema });
const undoneSchema = type({ tasks: taskSchema.array(), projects: projectSchema.array() });

const docs = describe({
  summary: "Undo one of your own operations",
  description:
    "Every change answers with `Rondo-Operation`. It can be undone while nothing else has changed the thing, for 30 days; the undo " +
    "is an operation too.",
  operationId: "undo",
  tags: ["operations"],
  success: {
    description: "What was changed, as it is now",
    schema: undoneSchema,
    name: "Undone",
    headers: ["Rondo-Operation"],
  },
  errors: [...bodyErrors, "forbidden", "not_found", "conflict"],
  takes: ["Idempotency-Key", "Rondo-Workspace"],
});

/** `/api/v1/undo`. */
export function operationRoutes(deps: Deps, { signedIn, once }: Guards): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.post("/undo", docs, signedIn, once, body(undoSchema, "Undo"), async (c) => {
    const { tasks, projects, operation_id } = await undo(deps, c.get("principal"), c.req.valid("json").operation_id);
    if (operation_id !== null) c.header("rondo-operation", operation_id);
    return c.json({ tasks, projects });
  });
  return routes;
}
