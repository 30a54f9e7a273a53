import { mkdirSync } from "node:fs";
import type { ServiceName } from "@rondo/ops/services";
import { portsIn } from "../ports.ts";
import { answers, type EngineProcess, startProcess } from "../process.ts";
import type { Tokens } from "./secrets.ts";

export interface ServicePorts {
  readonly http: number;
  readonly admin: number;
}

/** Those of a service with this folder, the same at every start as far as they are free. */
export function servicePorts(folder: string): ServicePorts {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return portsIn(folder, ["http", "admin"]);
}

/** The variables of a service that has its engine and its secrets from the sidecar at `url`. */
export function besideSidecar(url: string, tokens: Tokens): Record<string, string> {
  return {
    RONDO_ENGINE: "dapr",
    RONDO_SIDECAR_URL: url,
    RONDO_SECRET_STORE: "secrets",
    DAPR_API_TOKEN: tokens.dapr,
    APP_API_TOKEN: tokens.app,
  };
}

export interface ServiceOptions {
  readonly name: ServiceName;
  readonly executable: string;
  readonly folder: string;
  readonly ports: ServicePorts;
  readonly sidecarUrl: string;
  readonly tokens: Tokens;
  /** Of the site, as browsers have it. */
  readonly origin: string;
  /** Variables of its own choice for whoever started the engine. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Starts a service beside its sidecar, which has its secrets. Resolves when it is ready for requests. @throws Error with its last lines */
export function startService(options: ServiceOptions): Promise<EngineProcess> {
  const { name, executable, folder, ports, tokens, origin, onLine, signal } = options;
  return startProcess({
    name,
    command: [executable],
    cwd: folder,
    env: {
      ...options.env,
      ...besideSidecar(options.sidecarUrl, tokens),
      RONDO_HOST: "127.0.0.1",
      RONDO_PORT: String(ports.http),
      RONDO_ADMIN_PORT: String(ports.admin),
      RONDO_ORIGIN: origin,
      // The front of the site. What comes through the sidecar is known by its token.
      RONDO_TRUSTED_PROXIES: "127.0.0.1",
      RONDO_LOG_FORMAT: "pretty",
    },
    onLine,
    // Each look that is too early is a warning in its log.
    lookMs: 200,
    ready: () => answers(`http://127.0.0.1:${ports.admin}/readyz`, 200),
    signal,
    patienceMs: 5_000,
  });
}
