import { type AppEnv, body, ifMatch, params, query } from "@rondo/http";
import { newProjectSchema, projectMoveSchema, projectPatchSchema } from "@rondo/task";
import { Hono } from "hono";
import { answerChange, answerCreated, answerRead } from "../answer.ts";
import type { Deps } from "../deps.ts";
import { type Guards, idParam } from "../guard.ts";
import { createProject } from "./create.ts";
import { deleteProject } from "./delete.ts";
import { docs } from "./docs.ts";
import { listProjects, projectQuerySchema } from "./list.ts";
import { moveProject } from "./move.ts";
import { patchProject } from "./patch.ts";
import { readProject } from "./read.ts";

/** `/api/v1/projects`. */
export function projectRoutes(deps: Deps, { signedIn, once }: Guards): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const withId = params(idParam);

  routes.get("/", docs.list, signedIn, query(projectQuerySchema), async (c) =>
    c.json(await listProjects(deps, c.get("principal"), c.req.valid("query"))),
  );

  routes.post("/", docs.create, signedIn, once, body(newProjectSchema, "NewProject"), async (c) => {
    const made = await createProject(deps, c.get("principal"), c.req.valid("json"), c.get("reserved_id"));
    return answerCreated(c, made, "/api/v1/projects");
  });

  routes.get("/:id", docs.read, signedIn, withId, async (c) =>
    answerRead(c, await readProject(deps, c.get("principal"), c.req.valid("param").id)),
  );

  routes.patch("/:id", docs.patch, signedIn, withId, body(projectPatchSchema, "ProjectPatch"), async (c) => {
    const change = { id: c.req.valid("param").id, patch: c.req.valid("json"), version: ifMatch(c) };
    return answerChange(c, await patchProject(deps, c.get("principal"), change));
  });

  routes.delete("/:id", docs.remove, signedIn, withId, async (c) => {
    const { operation_id } = await deleteProject(deps, c.get("principal"), c.req.valid("param").id, ifMatch(c));
    if (operation_id !== null) c.header("rondo-operation", operation_id);
    return c.body(null, 204);
  });

  routes.post("/:id/move", docs.move, signedIn, withId, once, body(projectMoveSchema, "ProjectMove"), async (c) => {
    const change = { id: c.req.valid("param").id, to: c.req.valid("json"), version: ifMatch(c) };
    return answerChange(c, await moveProject(deps, c.get("principal"), change));
  });
  return routes;
}
