import type { Database } from "@rondo/db";
import { type AppEnv, authenticate, baseApp, createRateLimiter, rateLimit, type SidecarCalls } from "@rondo/http";
import type { Authenticator } from "@rondo/identity";
import type { Metrics } from "@rondo/telemetry";
import { Hono, type MiddlewareHandler } from "hono";
import { entryRoutes } from "./entry/routes.ts";

/** What `createApp` is wired from. */
export interface AppDeps {
  readonly db: Database;
  readonly authenticate: Authenticator;
  readonly metrics: Metrics;
  /** The site's origin, such as `https://tasks.example.org`; more than one where browsers use several. */
  readonly origin: string | readonly string[];
  /** How often one actor may call in a minute; 600,000, which stops a runaway program and nobody else. */
  readonly requestsPerMinute?: number;
  readonly trustedProxies?: readonly string[] | undefined;
  /** How calls through the sidecar of this process are known. */
  readonly sidecar?: SidecarCalls | undefined;
}

/** The audit trail's interface: `/api/v1/audit`. Does not listen. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const { db, metrics, origin, trustedProxies, sidecar } = deps;
  const app = baseApp({ service: "audit", metrics, trustedOrigin: origin, trustedProxies, sidecar });
  const v1 = new Hono<AppEnv>();
  v1.route("/audit", entryRoutes({ db }, guard(deps)));
  app.route("/api/v1", v1);
  return app;
}

/** Who calls, and not too often. */
function guard({ db, authenticate: authenticator, requestsPerMinute = 600_000 }: AppDeps): MiddlewareHandler<AppEnv> {
  const limiter = createRateLimiter({
    sql: db.sql,
    schema: "audit",
    name: "requests",
    limit: requestsPerMinute,
    windowMs: 60_000,
  });
  const authenticated = authenticate(authenticator);
  const limited = rateLimit(limiter);
  return (c, next) => authenticated(c, async () => void (await limited(c, next)));
}
