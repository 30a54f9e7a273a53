import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Authority, trustDomain } from "./authority.ts";
import { portsIn } from "./ports.ts";
import { answers, type EngineProcess, startProcess } from "./process.ts";
import { requireTool } from "./tool.ts";

export interface SchedulerOptions {
  /** Where its jobs are; a later start with the same folder has them again. Each is written with fsync, so in memory it is faster. */
  readonly folder: string;
  /** Otherwise the one of the last start in this folder, or any that is free. */
  readonly port?: number | undefined;
  /** The one that its sidecars have: with certificates they speak to nobody who has none. */
  readonly authority?: Authority | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
  /** Aborted: a start that is under way is given up. */
  readonly signal?: AbortSignal | undefined;
}

export interface SchedulerProcess extends EngineProcess {
  /** `127.0.0.1:<port>` */
  readonly address: string;
}

const loopback = "127.0.0.1";
/** The only name of a first scheduler for which the authority signs. */
const id = "dapr-scheduler-server-0";

/** Starts Dapr's scheduler on 127.0.0.1. Resolves when it takes jobs; sidecars are healthy only with one. @throws Error that says what is wrong */
export async function startScheduler(options: SchedulerOptions): Promise<SchedulerProcess> {
  const { folder, port, authority, onLine, signal } = options;
  const scheduler = requireTool("scheduler");
  const data = join(folder, "etcd");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const ports = portsIn(folder, ["api", "health", "metrics", "client", "peer"], { api: port });
  const flags = {
    id,
    port: ports.api,
    "listen-address": loopback,
    "override-broadcast-host-port": `${loopback}:${ports.api}`,
    "healthz-port": ports.health,
    "healthz-listen-address": loopback,
    "metrics-port": ports.metrics,
    "metrics-listen-address": loopback,
    "etcd-data-dir": data,
    "etcd-client-port": ports.client,
    "etcd-initial-cluster": `${id}=${authority ? "https" : "http"}://${loopback}:${ports.peer}`,
    "log-level": "warn",
    ...(authority && certificateFlags(folder, authority)),
  };
  const child = await startProcess({
    name: "the scheduler",
    command: [scheduler, ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)],
    cwd: folder,
    onLine,
    signal,
    ready: () => answers(`http://${loopback}:${ports.health}/healthz`, 200),
  });
  return { ...child, address: `${loopback}:${ports.api}` };
}

function certificateFlags(folder: string, { address, anchors }: Authority): Record<string, string> {
  const file = join(folder, "anchors.pem");
  writeFileSync(file, anchors);
  return {
    "tls-enabled": "true",
    "sentry-address": address,
    "trust-domain": trustDomain,
    "trust-anchors-file": file,
    "identity-directory-write": join(folder, "identity"),
  };
}
