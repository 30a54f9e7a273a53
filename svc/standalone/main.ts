import "@rondo/config/heap";
import { type ConfigOf, originOf, runMain } from "@rondo/config";
import { adminApp, runUntilSignal, serve } from "@rondo/http";
import { createMetrics, setupLogging, setupTracing } from "@rondo/telemetry";
import { standaloneConfig } from "./config.ts";
import { freePort } from "./free_port.ts";
import { startServices } from "./services.ts";
import { openStorage } from "./storage.ts";

const program = {
  name: "rondo",
  description: "Rondo, the task manager that you host yourself: all of it in one process.",
};

await runMain(program, standaloneConfig, process.env, process.argv.slice(2), async (asked) => {
  const config = { ...asked, port: asked.port === 0 ? await freePort(asked.host) : asked.port };
  const service = config.traceService ?? "rondo";
  setupLogging({ service, level: config.logLevel, format: config.logFormat });
  const tracing = setupTracing({ endpoint: config.traceEndpoint, service });
  const metrics = createMetrics();
  await using untilServed = new AsyncDisposableStack();
  const storage = await openStorage({ ...config, env: process.env });
  untilServed.defer(storage.close);
  const origins = originsOf(config);
  const services = await startServices({
    ...config,
    ...storage,
    origins,
    metrics,
  });
  untilServed.defer(services.stop);
  const running = serve({
    app: services.app,
    ...(services.websocket && { websocket: services.websocket }),
    host: config.host,
    port: config.port,
    adminApp: adminApp({ ready: services.ready, metrics }),
    adminPort: config.adminPort,
    drain: {
      ...(services.streams && { streams: services.streams }),
      consumers: services.consumers,
      pools: [...services.pools, tracing.shutdown, storage.close],
    },
  });
  // From here on the drain ends everything, in its own order.
  untilServed.move();
  const ended = runUntilSignal(running.stop);
  process.stdout.write(`Rondo is ready: ${origins[0]} · admin: http://${config.host}:${running.adminPort}\n`);
  await ended;
});

/** Without a configured origin the machine itself is the only visitor, under any of its own names. */
function originsOf(config: ConfigOf<typeof standaloneConfig>): readonly [string, ...string[]] {
  const origin = originOf(config);
  return config.origin === undefined ? [origin, origin.replace("localhost", "127.0.0.1")] : [origin];
}
