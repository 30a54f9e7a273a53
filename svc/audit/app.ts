import type { Database } from "@rondo/db";
import { type AppEnv, baseApp, countedCaller, type SidecarCalls } from "@rondo/http";
import type { Authenticator } from "@rondo/identity";
import type { Metrics } from "@rondo/telemetry";
import type { Hono } from "hono";
import { entryRoutes } from "./entry/routes.ts";

/** What `createApp` is wired from. */
export interface AppDeps {
  readonly db: Database;
  readonly authenticate: Authenticator;
  readonly metrics: Metrics;
  /** The site's origin, such as `https://tasks.example.org`; more than one where browsers use several. */
  readonly origin: string | readonly string[];
  /** How often one actor may call in a minute. */
  readonly requestsPerMinute: number;
  readonly trustedProxies?: readonly string[] | undefined;
  /** How calls through the sidecar of this process are known. */
  readonly sidecar?: SidecarCalls | undefined;
}

/** The audit trail's interface: `/api/v1/audit`. Does not listen. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const { db, authenticate, requestsPerMinute, metrics, origin, trustedProxies, sidecar } = deps;
  const app = baseApp({ service: "audit", metrics, trustedOrigin: origin, trustedProxies, sidecar });
  const identify = countedCaller({ sql: db.sql, schema: "audit", authenticate, requestsPerMinute });
  app.route("/", entryRoutes({ db }, { identify }));
  return app;
}
