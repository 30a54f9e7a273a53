import "@rondo/config/heap";
import { runMain } from "@rondo/config";
import { connect } from "@rondo/db";
import { openEngine } from "@rondo/engine";
import { adminApp, createStreams, runUntilSignal, serve } from "@rondo/http";
import { authenticatorThrough } from "@rondo/identity";
import { createMetrics, getLog, setupLogging, setupTracing } from "@rondo/telemetry";
import { createApp } from "./app.ts";
import { syncConfig } from "./config.ts";

const program = { name: "rondo-sync", description: "Live updates for open windows: Server-Sent Events and WebSocket." };

await runMain(program, syncConfig, process.env, process.argv.slice(2), async (config) => {
  const service = config.traceService ?? "sync";
  setupLogging({
    service,
    level: config.logLevel,
    format: config.logFormat,
  });
  const tracing = setupTracing({ endpoint: config.traceEndpoint, service });
  const metrics = createMetrics();
  const { databaseUrl: url, databasePool: max, origin } = config;
  const db = url === undefined ? undefined : connect({ url, max, name: program.name, metrics });
  const engine = openEngine({ config, metrics, callTimeoutMs: 3_000 });
  const streams = createStreams();
  const sync = createApp({
    bus: await engine.openBus(db),
    authenticate: authenticatorThrough((request) => engine.transport("api", request), origin),
    streams,
    metrics,
    origin,
    trustedProxies: config.trustedProxies,
    limits: { perUser: config.streamsPerUser, perProcess: config.streams },
  });
  // A window may be opened before the first event is heard: it is told to look again when that begins.
  const { engine: _, ...ready } = engine.ready;
  const running = serve({
    app: engine.mount(sync.app),
    websocket: sync.websocket,
    host: config.host,
    port: config.port,
    adminApp: adminApp({ ready: { ...(db && { postgresql: db.ready }), ...ready }, metrics }),
    adminPort: config.adminPort,
    drain: {
      streams,
      deliveries: engine.deliveries,
      consumers: [sync.stop, engine.stop],
      pools: [...(db ? [db.close] : []), tracing.shutdown],
    },
  });
  getLog("sync").info("listening", { url: running.url });
  await Promise.all([engine.start(), runUntilSignal(running.stop)]);
});
