import { combine, type Fetcher, type ServerBindings } from "@rondo/http";
import { sidecarOnly } from "@rondo/sidecar";
import { Hono } from "hono";

/** The routes that only the sidecar calls: events and jobs (`/events/*`, `/job/*`) for their consumers, and what daprd asks of every app. */
export function sidecarRoutes(
  appToken: string | undefined,
  consumers: readonly Hono[],
  isHealthy: () => boolean = () => true,
): Hono {
  const routes = new Hono();
  routes.get("/healthz", (c) => (isHealthy() ? c.text("ok") : c.text("leaving", 503)));
  // Subscriptions are files (charts/rondo/dapr), and there is nothing to configure.
  routes.get("/dapr/subscribe", (c) => c.json([]));
  routes.get("/dapr/config", (c) => c.json({}));
  for (const path of ["/events/*", "/job/*"]) routes.use(path, sidecarOnly(appToken));
  for (const each of consumers) routes.route("/", each);
  return routes;
}

/** Both on one port. */
export function besideApp(app: Fetcher, routes: Hono): Fetcher {
  const forSidecar: Fetcher = { fetch: (request, bindings) => answer(routes, request, bindings) };
  return combine({ "/": app, "/healthz": forSidecar, "/dapr": forSidecar, "/events": forSidecar, "/job": forSidecar });
}

async function answer(routes: Hono, request: Request, bindings: ServerBindings): Promise<Response> {
  // A batch with retries may take longer than a connection may be silent.
  bindings.server?.timeout(request, 0);
  const response = await routes.fetch(request);
  if (bindings.draining) {
    // As the base app does it: the sidecar leaves this connection before it is closed under a request.
    response.headers.set("connection", "close");
    await bindings.held;
  }
  return response;
}
