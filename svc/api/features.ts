import type { AppEnv, Guards } from "@rondo/http";
import type { Hono } from "hono";
import type { Purge } from "./bin/empty.ts";
import type { Deps } from "./deps.ts";
import type { Undo } from "./operation/undo.ts";
import { purgeProjects } from "./project/purge.ts";
import { projectRoutes } from "./project/routes.ts";
import { undoProject } from "./project/undo.ts";
import { purgeTasks } from "./task/purge.ts";
import { taskRoutes } from "./task/routes.ts";
import { undoTask } from "./task/undo.ts";

/** What a kind of thing brings to the api. */
export interface Feature {
  readonly routes: (deps: Deps, guards: Guards) => Hono<AppEnv>;
  /** Without it its changes cannot be undone. */
  readonly undo?: Undo;
  /** Without it it has no bin. */
  readonly purge?: Purge;
}

/** Every kind of thing, by the first word of its events. Their bins are emptied in this order: tasks before what they are in. */
export const features: Readonly<Record<string, Feature>> = {
  task: { routes: taskRoutes, undo: undoTask, purge: purgeTasks },
  project: { routes: projectRoutes, undo: undoProject, purge: purgeProjects },
};
