import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { portsIn } from "./ports.ts";
import { answers, type EngineProcess, startProcess } from "./process.ts";
import { requireTool } from "./tool.ts";

export interface SchedulerOptions {
  /** Where its jobs are; a later start with the same folder has them again. Each is written with fsync, so in memory it is faster. */
  readonly folder: string;
  /** Otherwise the one of the last start in this folder, or any that is free. */
  readonly port?: number | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
  /** Aborted: a start that is under way is given up. */
  readonly signal?: AbortSignal | undefined;
}

export interface SchedulerProcess extends EngineProcess {
  /** `127.0.0.1:<port>` */
  readonly address: string;
}

const loopback = "127.0.0.1";

/** Starts Dapr's scheduler on 127.0.0.1. Resolves when it takes jobs; sidecars are healthy only with one. @throws Error that says what is wrong */
export async function startScheduler({ folder, port, onLine, signal }: SchedulerOptions): Promise<SchedulerProcess> {
  const scheduler = requireTool("scheduler");
  const data = join(folder, "etcd");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const ports = portsIn(folder, ["api", "health", "metrics", "client", "peer"], { api: port });
  const flags = {
    id: "s0",
    port: ports.api,
    "listen-address": loopback,
    "override-broadcast-host-port": `${loopback}:${ports.api}`,
    "healthz-port": ports.health,
    "healthz-listen-address": loopback,
    "metrics-port": ports.metrics,
    "metrics-listen-address": loopback,
    "etcd-data-dir": data,
    "etcd-client-port": ports.client,
    "etcd-initial-cluster": `s0=http://${loopback}:${ports.peer}`,
    "log-level": "warn",
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
