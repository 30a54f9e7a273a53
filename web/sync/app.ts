import type { Bus } from "@rondo/bus";
import { type AppEnv, baseApp, type Streams } from "@rondo/http";
import { authorize, type RecheckingAuthenticator } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import type { Metrics } from "@rondo/telemetry";
import type { WebSocketHandler } from "bun";
import type { Context, Hono } from "hono";
import { createAdmission, type StreamLimits } from "./admission.ts";
import { answerEventStream } from "./event_stream.ts";
import { createGuard } from "./guard.ts";
import { createHub } from "./hub.ts";
import { createSyncMetrics } from "./metrics.ts";
import { defaultReplayLimits, type ReplayLimits } from "./replay_buffer.ts";
import { answerWebSocket, type SocketData, websocket } from "./socket.ts";
import { createViewers, type Viewer } from "./viewers.ts";

export interface SyncDeps {
  /** Not started yet: the app listens to its topic `task-updates`. */
  readonly bus: Pick<Bus, "broadcast">;
  readonly authenticate: RecheckingAuthenticator;
  /** Where open streams are registered, so that the server's drain ends them. */
  readonly streams: Streams;
  readonly metrics: Metrics;
  readonly origin: string | readonly string[];
  readonly limits: StreamLimits;
  readonly replay?: Partial<ReplayLimits>;
  readonly clock?: () => Date;
  /** 15,000. */
  readonly heartbeatMs?: number;
  /** 6,500: with the 3 s that the api may take to answer, a stream ends within 10 s of its credential. */
  readonly guardMs?: number;
  readonly trustedProxies?: readonly string[] | undefined;
}

/** Live updates, to be served under `/sync` by whoever owns the server: its requests by `app`, its WebSockets by `websocket`. */
export interface Sync {
  readonly app: Hono<AppEnv>;
  readonly websocket: WebSocketHandler<SocketData>;
  /** Open streams. */
  readonly size: number;
  /** Ends the heartbeats; streams are ended by the drain of `streams`. */
  stop(): Promise<void>;
}

export function createApp(deps: SyncDeps): Sync {
  const { bus, authenticate, streams, clock = () => new Date(), heartbeatMs = 15_000, guardMs = 6_500 } = deps;
  const metrics = createSyncMetrics(deps.metrics);
  const hub = createHub({ replay: { ...defaultReplayLimits, ...deps.replay }, metrics, clock });
  const guard = createGuard({ recheck: authenticate.recheck, everyMs: guardMs, graceMs: guardMs * 9 });
  const viewers = createViewers({ hub, guard, admission: createAdmission(deps.limits, metrics), streams, metrics });
  bus.broadcast({ topic: "task-updates", handle: hub.publish, begin: hub.begin });
  const heartbeats = setInterval(hub.heartbeat, heartbeatMs);

  const viewerOf = async (c: Context<AppEnv>): Promise<Viewer> => {
    const asked = viewerRequest(c, c.req.query("workspace") ?? c.req.header("rondo-workspace"));
    const principal = await authenticate(asked);
    authorize(principal, "tasks.read");
    const cursor = c.req.header("last-event-id") || c.req.query("last") || undefined;
    return { principal, request: viewerRequest(c, principal.workspace_id), cursor };
  };

  const app = baseApp({
    service: "sync",
    metrics: deps.metrics,
    trustedOrigin: deps.origin,
    trustedProxies: deps.trustedProxies,
  });
  app.get("/sync/events", async (c) => {
    const viewer = await viewerOf(c);
    // Hono answers HEAD by this handler too and would never read, nor cancel, the stream.
    if (c.req.method === "HEAD") return c.body(null, 200, { "content-type": "text/event-stream; charset=utf-8" });
    return answerEventStream(c, viewers, viewer);
  });
  app.get("/sync/ws", async (c) => answerWebSocket(c, viewers, await viewerOf(c)));

  return {
    app,
    websocket,
    get size() {
      return hub.size;
    },
    async stop() {
      clearInterval(heartbeats);
    },
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A request with the viewer's credential and the workspace it wants to see, without everything else the stream's request holds. */
function viewerRequest(c: Context<AppEnv>, workspaceId: string | undefined): Request {
  if (workspaceId !== undefined && !uuid.test(workspaceId)) throw notFound();
  const headers = new Headers();
  for (const name of ["authorization", "cookie"]) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  if (workspaceId !== undefined) headers.set("rondo-workspace", workspaceId);
  return new Request("http://rondo.internal/", { headers });
}
