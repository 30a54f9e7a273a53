import { join, resolve } from "node:path";
import { httpGroup, logGroup, optional, runMain, text, traceGroup } from "@rondo/config";
import { serviceNames } from "@rondo/ops/services";
import { builtExecutables } from "../../executables.ts";
import { root } from "../../repository.ts";
import { makeTools } from "../../tools.ts";
import { isFree } from "../ports.ts";
import { untilAskedToEnd } from "./ending.ts";
import { startFront } from "./front.ts";
import { createLog } from "./log.ts";
import { startMachine } from "./machine.ts";

const program = {
  name: "rondo-engine",
  description:
    "All of Rondo on this machine as in a cluster: each service its own executable beside its sidecar, on Kafka.",
};

const engineConfig = {
  port: httpGroup.port,
  dataDir: optional(
    text({
      name: "RONDO_DATA_DIR",
      description: "Where everything is kept; without it .rondo/engine in the repository.",
      example: "/var/lib/rondo-engine",
    }),
  ),
  logLevel: logGroup.logLevel,
  traceEndpoint: traceGroup.traceEndpoint,
};

await runMain(program, engineConfig, process.env, process.argv.slice(2), async (config) => {
  const ending = untilAskedToEnd();
  const log = createLog((text) => void process.stdout.write(text), process.stdout.isTTY === true);
  const say = log.of("rondo");
  const { port, dataDir, logLevel, traceEndpoint } = config;
  const started = performance.now();
  if (!isFree(port))
    throw new Error(`127.0.0.1:${port} is in use by another program. Stop it, or choose another one with RONDO_PORT.`);
  const lacking = await makeTools(["kafka", "dapr"], say);
  if (lacking.length > 0) throw new Error(lacking.join("; "));
  const executables = await builtExecutables([...serviceNames, "ops"], ({ name, seconds }) =>
    say(`${name}: built in ${seconds.toFixed(1)} s`),
  );

  const stops = new AsyncDisposableStack();
  try {
    const origin = `http://localhost:${port}`;
    const routes = await startMachine(
      {
        folder: resolve(dataDir ?? join(root, ".rondo/engine")),
        program: (name) => join(executables, name),
        origin,
        env: { RONDO_LOG_LEVEL: logLevel, ...(traceEndpoint && { OTEL_EXPORTER_OTLP_ENDPOINT: traceEndpoint }) },
        log,
        ending: ending.signal,
      },
      stops,
    );
    const front = startFront({ port, routes });
    stops.defer(front.stop);
    say(`ready after ${((performance.now() - started) / 1000).toFixed(1)} s: ${origin} · Ctrl-C ends it`);
    await ending.asked;
    say("ending");
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  } finally {
    ending.begin();
    await stops.disposeAsync();
  }
  say("ended");
});
