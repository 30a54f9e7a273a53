import { type AppEnv, baseApp, requireForm } from "@rondo/http";
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { accountRoutes } from "./account/routes.tsx";
import { signRoutes } from "./account/sign_routes.tsx";
import { askedBy, isPartial, type WebEnv } from "./asked.ts";
import { assetRoutes } from "./assets/assets.ts";
import { compressPages } from "./assets/encoding.ts";
import type { WebDeps } from "./deps.ts";
import { problemPages } from "./error/render.tsx";
import { problemRoutes } from "./error/routes.tsx";
import { zoneRoute } from "./format/zone_route.ts";
import { projectRoutes } from "./project/routes.tsx";
import { taskRoutes } from "./task/routes.tsx";
import { viewRoutes } from "./view/routes.tsx";

/** The web tier: pages and their fragments. Everything it shows and changes goes through the api, in the reader's name. */
export function createApp(deps: WebDeps): Hono<AppEnv> {
  const app = baseApp({
    service: "web",
    metrics: deps.metrics,
    trustedOrigin: deps.origin,
    trustedProxies: deps.trustedProxies,
    trustedTypes: ["htmx"],
    renderProblem: problemPages(deps.clock),
  });
  app.route("/", assetRoutes());
  app.use(tellCaches, compressPages, requireForm());
  app.route("/", zoneRoute());
  app.route("/", problemRoutes(deps.clock));
  app.route("/", signRoutes(deps));
  const signedIn = new Hono<WebEnv>();
  for (const place of ["/", "/inbox", "/today", "/bin", "/projects/*", "/tasks/*", "/undo", "/account/*"]) {
    signedIn.use(place, askedBy(deps));
  }
  signedIn.route("/", viewRoutes());
  signedIn.route("/", projectRoutes());
  signedIn.route("/", taskRoutes());
  signedIn.route("/", accountRoutes(deps));
  app.route("/", signedIn);
  return app;
}

/** One URL has several answers: the headers that choose between them, and a part of a page is never kept. */
const tellCaches = createMiddleware(async (c, next) => {
  await next();
  c.res.headers.append("Vary", "HX-Request-Type, HX-Target");
  if (isPartial(c)) c.res.headers.set("Cache-Control", "no-store");
});
