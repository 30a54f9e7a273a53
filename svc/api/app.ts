import { type AppEnv, baseApp, countedCaller, idempotency } from "@rondo/http";
import type { Hono } from "hono";
import type { AppDeps, Deps } from "./deps.ts";
import { docsRoutes } from "./docs/routes.tsx";
import { features } from "./features.ts";
import { operationRoutes } from "./operation/routes.ts";
import { createInboxes } from "./project/inbox.ts";

/** The api: `/api/auth/*`, `/api/v1/*`, `/api/docs`. Does not listen. */
export function createApp(appDeps: AppDeps): Hono<AppEnv> {
  const { db, clock, newId, wakeRelay, identity, metrics, origin, requestsPerMinute } = appDeps;
  const { trustedProxies, sidecar, serviceToken } = appDeps;
  const deps: Deps = { db, clock, newId, wakeRelay, inboxes: createInboxes(db) };
  const place = { sql: db.sql, schema: "api" };
  const { authenticate } = identity;
  const guards = { identify: countedCaller({ ...place, authenticate, requestsPerMinute }), once: idempotency(place) };
  const app = baseApp({ service: "api", metrics, trustedOrigin: origin, trustedProxies, sidecar, serviceToken });
  app.route("/", identity.routes(guards));
  for (const { routes } of Object.values(features)) app.route("/", routes(deps, guards));
  app.route("/", operationRoutes(deps, features, guards));
  app.route("/api", docsRoutes());
  return app;
}
