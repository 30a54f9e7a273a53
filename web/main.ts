import "@rondo/config/heap";
import { createClient } from "@rondo/client";
import { runMain } from "@rondo/config";
import { openEngine } from "@rondo/engine";
import { adminApp, runUntilSignal, serve } from "@rondo/http";
import { authenticatorThrough } from "@rondo/identity";
import { createMetrics, getLog, setupLogging, setupTracing } from "@rondo/telemetry";
import { createApp } from "./app.ts";
import { webConfig } from "./config.ts";

const program = { name: "rondo-web", description: "The pages of Rondo." };

await runMain(program, webConfig, process.env, process.argv.slice(2), async (config) => {
  const service = config.traceService ?? "web";
  setupLogging({
    service,
    level: config.logLevel,
    format: config.logFormat,
  });
  const tracing = setupTracing({ endpoint: config.traceEndpoint, service });
  const metrics = createMetrics();
  const { origin } = config;
  const engine = openEngine({ config, metrics });
  const { transport } = engine;
  const send = (request: Request) => transport("api", request);
  const app = createApp({
    client: createClient({ fetch: transport, origin }),
    authenticator: authenticatorThrough(send, origin),
    metrics,
    origin,
    trustedProxies: config.trustedProxies,
    clock: () => new Date(),
  });
  const running = serve({
    app: engine.mount(app),
    host: config.host,
    port: config.port,
    adminApp: adminApp({
      ready: {
        api: async () => void (await send(new Request("http://rondo.internal/api/auth/jwks"))),
        ...engine.ready,
      },
      metrics,
    }),
    adminPort: config.adminPort,
    drain: { pools: [tracing.shutdown] },
  });
  await engine.start();
  getLog("web").info("listening", { url: running.url });
  await runUntilSignal(running.stop);
});
