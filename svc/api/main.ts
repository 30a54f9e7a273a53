import "@rondo/config/heap";
import { originOf, runMain } from "@rondo/config";
import { connect, migrate } from "@rondo/db";
import { openEngine } from "@rondo/engine";
import { adminApp, runUntilSignal, serve } from "@rondo/http";
import { createRelay } from "@rondo/outbox";
import { createMetrics, getLog, setupLogging, setupTracing } from "@rondo/telemetry";
import { createApp } from "./app.ts";
import { scheduleApiChores } from "./chores.ts";
import { apiConfig } from "./config.ts";
import { createIdentity } from "./identity/index.ts";
import { apiMigrations } from "./migrations.ts";

const program = { name: "rondo-api", description: "Accounts, projects and tasks: the REST interface of Rondo." };

/** Connections of the relay, the bus and the chores: never taken from those that answer requests. */
const backgroundPool = 4;

await runMain(program, apiConfig, process.env, process.argv.slice(2), async (config) => {
  const service = config.traceService ?? "api";
  setupLogging({ service, level: config.logLevel, format: config.logFormat });
  const tracing = setupTracing({ endpoint: config.traceEndpoint, service });
  const metrics = createMetrics();
  const { databaseUrl, databasePool, requestsPerMinute, trustedProxies } = config;
  const db = connect({ url: databaseUrl, max: databasePool, name: program.name, metrics });
  const background = connect({ url: databaseUrl, max: backgroundPool, name: `${program.name}-background`, metrics });
  const engine = openEngine({ config, metrics, called: true });
  const clock = () => new Date();
  const newId = () => Bun.randomUUIDv7();
  const origin = originOf(config);
  const opening = Promise.all([
    engine.openBus(background),
    engine.openScheduler(background),
    migrate(db.sql, apiMigrations),
  ]);
  // Most of a start is computing: PostgreSQL answers meanwhile.
  const identity = createIdentity({ db, databaseUrl, origin, secret: config.authSecret, clock, newId });
  const [bus, scheduler] = await opening;
  const relay = createRelay({ db: background, schema: "api", bus, metrics });
  scheduleApiChores(scheduler, { db: background, clock, newId });
  const app = createApp({
    db,
    identity,
    clock,
    newId,
    wakeRelay: relay.wake,
    metrics,
    origin,
    requestsPerMinute,
    trustedProxies,
    sidecar: engine.sidecar,
    serviceToken: config.serviceToken,
  });
  const running = serve({
    app: engine.mount(app),
    host: config.host,
    port: config.port,
    adminApp: adminApp({ ready: { postgresql: db.ready, ...engine.ready }, metrics }),
    adminPort: config.adminPort,
    drain: {
      leave: engine.leave,
      deliveries: engine.deliveries,
      consumers: [() => relay.stop().then(engine.stop)],
      pools: [identity.close, db.close, background.close, tracing.shutdown],
    },
  });
  await engine.start();
  relay.start();
  getLog("api").info("listening", { url: running.url });
  await runUntilSignal(running.stop);
});
