import type { ActiveSpan, Log, Metrics } from "@rondo/telemetry";
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import type { AppEnv } from "./env.ts";

/** The label of requests that no route took: their paths are anybody's invention and would be endless labels. */
const noRoute = "none";

/** What the not-found handler leaves as the index, so that the request counts under no route. */
export const unrouted = -1;

/** Seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface AccessLog {
  /** One line, two metrics and the span's name for an answered request: its route pattern, never its path, query or body. */
  record(c: Context<AppEnv>, ms: number, span: ActiveSpan): void;
}

export function createAccessLog(log: Log, metrics: Metrics): AccessLog {
  const requests = metrics.counter("rondo_http_requests_total", "Requests answered.", ["method", "route", "status"]);
  const durations = metrics.histogram(
    "rondo_http_request_duration_seconds",
    "Time until the answer's headers.",
    ["method", "route"],
    buckets,
  );
  return {
    record(c, ms, span) {
      const method = knownMethods.has(c.req.method) ? c.req.method : "other";
      const { status } = c.res;
      const route = routeOf(c);
      requests.inc({ method, route, status });
      durations.observe({ method, route }, ms / 1_000);
      const workspace_id = workspaceOf(c);
      log.info("request", {
        method,
        route,
        status,
        ms: Math.round(ms * 100) / 100,
        ...(workspace_id && { workspace_id }),
      });
      span.rename(`${method} ${route}`);
      span.set({ "http.request.method": method, "http.route": route, "http.response.status_code": status });
    },
  };
}

const knownMethods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * The pattern of the handler that answered, or that would have, had no middleware refused. Hono leaves its index at the last
 * one that was entered. A handler for all methods looks like a middleware, so it counts only where it was entered itself.
 */
function routeOf(c: Context<AppEnv>): string {
  const entered = c.req.routeIndex;
  const routes = matchedRoutes(c);
  for (let index = entered; index < routes.length; index++) {
    const route = routes[index];
    if (route !== undefined && route.method !== "ALL") return route.path;
  }
  return routes[entered]?.path ?? noRoute;
}

/** The line is written outside the context that `authenticate` made for its handlers. */
function workspaceOf(c: Context<AppEnv>): string | undefined {
  const principal: AppEnv["Variables"]["principal"] | undefined = c.get("principal");
  return principal?.workspace_id;
}
