import { Problem } from "@rondo/problem";
import { getLog, type Metrics } from "@rondo/telemetry";

export interface AdminAppOptions {
  /** What the process needs to serve, by name; each resolves when it is there and throws when not. */
  readonly ready: Readonly<Record<string, () => Promise<void>>>;
  readonly metrics: Metrics;
  /** Longest wait for one of them; 2,000. */
  readonly timeoutMs?: number;
}

/** What operators and orchestrators ask, on a port of its own: `/healthz`, `/readyz`, `/metrics`. */
export interface AdminApp {
  fetch(request: Request): Promise<Response>;
  /** From now on `/readyz` answers 503, so that no new work is sent here. */
  drain(): void;
}

type State = "ok" | "unavailable" | "timeout";

export function adminApp({ ready, metrics, timeoutMs = 2_000 }: AdminAppOptions): AdminApp {
  const log = getLog("admin");
  const states = new Map<string, State>();
  let draining = false;

  /** One line for each change: who asks asks often. */
  function note(name: string, state: State, error?: unknown): [string, State] {
    const before = states.get(name);
    states.set(name, state);
    if (state === before || (state === "ok" && before === undefined)) return [name, state];
    const why = error instanceof Problem ? error.detail : error;
    if (state === "ok") log.info("a dependency is ready", { dependency: name });
    else log.warn("a dependency is not ready", { dependency: name, state, ...(why !== undefined && { error: why }) });
    return [name, state];
  }

  async function check(name: string, test: () => Promise<void>): Promise<[string, State]> {
    const late = Promise.withResolvers<State>();
    const timer = setTimeout(() => late.resolve("timeout"), timeoutMs);
    try {
      return note(name, await Promise.race([test().then((): State => "ok"), late.promise]));
    } catch (error) {
      return note(name, "unavailable", error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function readiness(): Promise<Response> {
    const states = await Promise.all(Object.entries(ready).map(([name, test]) => check(name, test)));
    const isReady = !draining && states.every(([, state]) => state === "ok");
    const status = draining ? "draining" : isReady ? "ready" : "not_ready";
    return Response.json({ status, dependencies: Object.fromEntries(states) }, { status: isReady ? 200 : 503 });
  }

  async function scrape(): Promise<Response> {
    const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
    return new Response(await metrics.render(), { headers });
  }

  const routes = new Map<string, () => Promise<Response>>([
    ["/healthz", async () => Response.json({ status: "alive" })],
    ["/readyz", readiness],
    ["/metrics", scrape],
  ]);

  return {
    async fetch(request) {
      // A probe may come without a Host; then there is only a path.
      const route = routes.get(URL.parse(request.url, "http://admin")?.pathname ?? "");
      if (!route) return new Response("Not found\n", { status: 404 });
      if (request.method !== "GET" && request.method !== "HEAD") {
        return new Response("Method not allowed\n", { status: 405, headers: { allow: "GET, HEAD" } });
      }
      return route();
    },
    drain() {
      draining = true;
    },
  };
}
