import { mkdirSync } from "node:fs";
import { portsIn } from "../ports.ts";
import { answers, type EngineProcess, startProcess } from "../process.ts";

export interface ExporterOptions {
  /** `rondo-ops` */
  readonly executable: string;
  readonly brokers: string;
  /** For its port, the same at every start as far as it is free. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Starts `rondo-ops metrics`: what only Kafka knows, for Prometheus. Resolves when it listens. @throws Error with its last lines */
export function startExporter(options: ExporterOptions): Promise<EngineProcess> {
  const { executable, brokers, folder, env, onLine, signal } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { metrics } = portsIn(folder, ["metrics"]);
  const listen = `127.0.0.1:${metrics}`;
  return startProcess({
    name: "rondo-ops metrics",
    command: [executable, "metrics", `--listen=${listen}`, `--brokers=${brokers}`],
    cwd: folder,
    env: { ...env, RONDO_LOG_FORMAT: "pretty" },
    onLine,
    ready: () => answers(`http://${listen}/healthz`, 200),
    signal,
  });
}
