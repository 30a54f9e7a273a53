import { type AppEnv, body, ifMatch, params, query } from "@rondo/http";
import { newTaskSchema, taskMoveSchema, taskPatchSchema } from "@rondo/task";
import { Hono } from "hono";
import { answerChange, answerCreated, answerRead } from "../answer.ts";
import type { Deps } from "../deps.ts";
import { type Guards, idParam } from "../guard.ts";
import { completeTask } from "./complete.ts";
import { createTask } from "./create.ts";
import { deleteTask } from "./delete.ts";
import { docs } from "./docs.ts";
import { listTasks, taskQuerySchema } from "./list.ts";
import { moveTask } from "./move.ts";
import { patchTask } from "./patch.ts";
import { readTask } from "./read.ts";
import { reopenTask } from "./reopen.ts";
import { restoreTask } from "./restore.ts";

/** `/api/v1/tasks`. */
export function taskRoutes(deps: Deps, { signedIn, once }: Guards): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const withId = params(idParam);

  routes.get("/", docs.list, signedIn, query(taskQuerySchema), async (c) =>
    c.json(await listTasks(deps, c.get("principal"), c.req.valid("query"))),
  );

  routes.post("/", docs.create, signedIn, once, body(newTaskSchema, "NewTask"), async (c) => {
    const made = await createTask(deps, c.get("principal"), c.req.valid("json"), c.get("reserved_id"));
    return answerCreated(c, made, "/api/v1/tasks");
  });

  routes.get("/:id", docs.read, signedIn, withId, async (c) =>
    answerRead(c, await readTask(deps, c.get("principal"), c.req.valid("param").id)),
  );

  routes.patch("/:id", docs.patch, signedIn, withId, body(taskPatchSchema, "TaskPatch"), async (c) => {
    const change = { id: c.req.valid("param").id, patch: c.req.valid("json"), version: ifMatch(c) };
    return answerChange(c, await patchTask(deps, c.get("principal"), change));
  });

  routes.delete("/:id", docs.remove, signedIn, withId, async (c) =>
    answerChange(c, await deleteTask(deps, c.get("principal"), c.req.valid("param").id, ifMatch(c))),
  );

  routes.post("/:id/completion", docs.complete, signedIn, withId, once, async (c) =>
    answerChange(c, await completeTask(deps, c.get("principal"), c.req.valid("param").id, ifMatch(c))),
  );

  routes.delete("/:id/completion", docs.reopen, signedIn, withId, async (c) =>
    answerChange(c, await reopenTask(deps, c.get("principal"), c.req.valid("param").id, ifMatch(c))),
  );

  routes.post("/:id/restoration", docs.restore, signedIn, withId, once, async (c) =>
    answerChange(c, await restoreTask(deps, c.get("principal"), c.req.valid("param").id, ifMatch(c))),
  );

  routes.post("/:id/move", docs.move, signedIn, withId, once, body(taskMoveSchema, "TaskMove"), async (c) => {
    const change = { id: c.req.valid("param").id, to: c.req.valid("json"), version: ifMatch(c) };
    return answerChange(c, await moveTask(deps, c.get("principal"), change));
  });
  return routes;
}
