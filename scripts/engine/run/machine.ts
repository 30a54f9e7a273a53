import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startEmbedded } from "@rondo/embedded_postgres";
import { type ServiceManifest, type ServiceName, services } from "@rondo/ops/services";
import { type Manifest, secretsOf } from "@rondo/service/manifest";
import { stopServerAtEnd } from "../../janitor.ts";
import { run } from "../../tools/run.ts";
import { startAuthority } from "../authority.ts";
import { startKafka } from "../kafka.ts";
import type { EngineProcess } from "../process.ts";
import { writeResources } from "../resources.ts";
import { startScheduler } from "../scheduler.ts";
import { startSidecar } from "../sidecar.ts";
import { startExporter } from "./exporter.ts";
import type { EngineLog } from "./log.ts";
import { freshTokens, loadSecrets, writeStore } from "./secrets.ts";
import { servicePorts, startService } from "./services.ts";
import { type Stage, stage } from "./stage.ts";

export interface MachineOptions {
  /** All data, secrets and resources of this engine. */
  readonly folder: string;
  /** Answers the path of an executable. */
  readonly program: (name: ServiceName | "ops") => string;
  /** As browsers have it. */
  readonly origin: string;
  /** Variables for each service: its log level, where traces go. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: EngineLog;
  /** Aborted when all comes to its end, also while it is still starting. */
  readonly ending: AbortSignal;
}

/** Where each service listens, by the beginning of the paths that it answers. */
export type Routes = Readonly<Record<Manifest["prefix"], string>>;

/**
 * Starts everything behind the site and keeps it running: PostgreSQL, Kafka, Dapr's scheduler and authority, and each service
 * beside its sidecar. What has been started is in `stops` at once, and is ended in the opposite order.
 * @throws Error when a part cannot be started
 */
export async function startMachine(options: MachineOptions, stops: AsyncDisposableStack): Promise<Routes> {
  const { folder, program, origin, env, log, ending } = options;
  // Open to the account that PostgreSQL runs as; what is within is closed, part by part.
  mkdirSync(folder, { recursive: true });
  // Before all else: it lets only one engine into the folder.
  const databaseUrl = await startDatabase(options, stops);
  const [engine, sidecars, apps] = [stage(stops), stage(stops), stage(stops)];

  const part = <Part extends EngineProcess>(on: Stage, name: string, start: (common: Common) => Promise<Part>) => {
    const say = log.of(name);
    return on.add({ start: () => start({ folder: join(folder, name), onLine: say, signal: ending }), say, ending });
  };
  const authorized = part(engine, "authority", startAuthority);
  const [kafka, authority, scheduler] = await Promise.all([
    part(engine, "kafka", startKafka),
    authorized,
    part(engine, "scheduler", async (common) => startScheduler({ ...common, authority: await authorized })),
  ]);
  const topics = [program("ops"), "topics", "--brokers", kafka.brokers];
  await run(topics, { onLine: log.of("topics"), signal: ending });

  const values = { DATABASE_URL: databaseUrl, RONDO_AUTH_SECRET: loadSecrets(folder).auth_secret };
  const shared = {
    brokers: kafka.brokers,
    scheduler: scheduler.address,
    authority,
    resources: writeResources(folder),
    traces: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  };
  const startPair = async (service: ServiceManifest): Promise<[Manifest["prefix"], string]> => {
    const { name: appId, prefix } = service;
    const ports = servicePorts(join(folder, appId));
    const tokens = freshTokens();
    const store = writeStore(join(folder, "secrets"), appId, pick(values, secretsOf(service)));
    const beside = { ...shared, appId, appPort: ports.http, tokens, secrets: store };
    const sidecar = await part(sidecars, `${appId}.dapr`, (common) => startSidecar({ ...beside, ...common }));
    const app = { name: appId, executable: program(appId), ports, sidecarUrl: sidecar.url, tokens, origin, env };
    await part(apps, appId, (common) => startService({ ...app, ...common }));
    return [prefix, `http://127.0.0.1:${ports.http}`];
  };
  const lag = { executable: program("ops"), brokers: kafka.brokers, env };
  const exporter = part(apps, "lag", (common) => startExporter({ ...lag, ...common }));
  const [routes] = await Promise.all([Promise.all(services.map(startPair)), exporter]);
  return Object.fromEntries(routes);
}

/** What every part gets of us. */
interface Common {
  readonly folder: string;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** It looks after its server itself. @throws Error in a line, also when another engine has the folder */
async function startDatabase({ folder, log }: MachineOptions, stops: AsyncDisposableStack): Promise<string> {
  const say = log.of("postgresql");
  const dataDir = join(folder, "data");
  stopServerAtEnd(dataDir);
  const onRestart = (pid: number) => say(`it had ended and was started again as process ${pid}`);
  const database = await startEmbedded({ dataDir, onRestart });
  stops.defer(database.stop);
  say(`ready after ${Math.round(database.ready_ms)} ms`);
  return database.url;
}

/** @throws Error when a service needs a secret that this machine does not have */
function pick(values: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const value = values[name];
      if (value === undefined) throw new Error(`a service needs the secret ${name}, which nobody has`);
      return [name, value];
    }),
  );
}
