import type { Program } from "@rondo/config";
import { type Engine, openEngine } from "@rondo/engine";
import { adminApp, runUntilSignal, serve } from "@rondo/http";
import { createMetrics, getLog, setupLogging, setupTracing } from "@rondo/telemetry";
import type { CommonConfig } from "./common_config.ts";
import type { Manifest } from "./manifest.ts";
import { connectPools, createPlatform, type Pools } from "./open_platform.ts";
import type { Platform, Wired } from "./platform.ts";

/** As `runMain` wants it. */
export function programOf({ name, description }: Manifest): Program {
  return { name: `rondo-${name}`, description };
}

/** One service in a process of its own: opens what its manifest names, wires it, listens, and drains when told to end. */
export async function serveService<Data>(
  manifest: Manifest,
  config: CommonConfig,
  wire: (platform: Platform) => Promise<Wired<Data>>,
): Promise<void> {
  const service = config.traceService ?? manifest.name;
  setupLogging({ service, level: config.logLevel, format: config.logFormat });
  const tracing = setupTracing({ endpoint: config.traceEndpoint, service });
  const metrics = createMetrics();
  const { called, callTimeoutMs } = manifest;
  const engine = openEngine({ config, metrics, called, ...(callTimeoutMs !== undefined && { callTimeoutMs }) });
  const pools = connectPools(manifest, config, metrics);
  const wired = await wire(createPlatform(manifest, config, { engine, metrics, pools }));
  const running = serve<Data>({
    app: engine.mount(wired.app),
    ...(wired.websocket && { websocket: wired.websocket }),
    host: config.host,
    port: config.port,
    adminApp: adminApp({ ready: readiness(engine, pools, wired), metrics }),
    adminPort: config.adminPort,
    drain: {
      leave: engine.leave,
      ...(wired.streams && { streams: wired.streams }),
      deliveries: engine.deliveries,
      consumers: [() => stopInOrder(wired, engine)],
      pools: [async () => wired.close?.(), ...pools.all.map(({ close }) => close), tracing.shutdown],
    },
  });
  getLog(manifest.name).info("listening", { url: running.url });
  // Told to end while the engine is still away, it ends all the same.
  await Promise.all([engine.start().then(wired.start), runUntilSignal(running.stop)]);
}

async function stopInOrder({ stop }: Pick<Wired, "stop">, engine: Engine): Promise<void> {
  await stop?.();
  await engine.stop();
}

/** What must work before the service is of use. */
function readiness(
  engine: Engine,
  { all: [pool] }: Pools,
  { ready, servesBeforeEvents }: Pick<Wired, "ready" | "servesBeforeEvents">,
) {
  const { engine: eventsArrive, ...reachable } = engine.ready;
  return {
    ...(pool && { postgresql: pool.ready }),
    ...reachable,
    ...(eventsArrive && servesBeforeEvents !== true && { engine: eventsArrive }),
    ...ready,
  };
}
