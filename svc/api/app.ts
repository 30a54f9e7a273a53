import { type AppEnv, baseApp } from "@rondo/http";
import { Hono } from "hono";
import type { AppDeps, Deps } from "./deps.ts";
import { docsRoutes } from "./docs/routes.tsx";
import { createGuards } from "./guard.ts";
import { operationRoutes } from "./operation/routes.ts";
import { createInboxes } from "./project/inbox.ts";
import { projectRoutes } from "./project/routes.ts";
import { taskRoutes } from "./task/routes.ts";

/** The api: `/api/auth/*`, `/api/v1/*`, `/api/docs`. Does not listen. */
export function createApp(appDeps: AppDeps): Hono<AppEnv> {
  const { db, clock, newId, wakeRelay, identity, metrics, origin, neighbours = [] } = appDeps;
  const { trustedProxies, sidecar, serviceToken } = appDeps;
  const deps: Deps = { db, clock, newId, wakeRelay, inboxes: createInboxes(db) };
  const guards = createGuards(appDeps);
  const app = baseApp({ service: "api", metrics, trustedOrigin: origin, trustedProxies, sidecar, serviceToken });
  app.route("/", identity.routes);
  const v1 = new Hono<AppEnv>();
  v1.route("/tasks", taskRoutes(deps, guards));
  v1.route("/projects", projectRoutes(deps, guards));
  v1.route("/", operationRoutes(deps, guards));
  app.route("/api/v1", v1);
  app.route("/api", docsRoutes([app, ...neighbours]));
  return app;
}
