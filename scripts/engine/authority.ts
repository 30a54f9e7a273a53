import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { portsIn } from "./ports.ts";
import { answers, type EngineProcess, startProcess } from "./process.ts";
import { requireTool } from "./tool.ts";

export interface AuthorityOptions {
  /** Where its keys are; a later start with the same folder has them again. */
  readonly folder: string;
  /** Otherwise the one of the last start in this folder, or any that is free. */
  readonly port?: number | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
  /** Aborted: a start that is under way is given up. */
  readonly signal?: AbortSignal | undefined;
}

/** What a sidecar needs to get its certificate. */
export interface Authority {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** The root certificates, as PEM: whom they do not vouch for is nobody. */
  readonly anchors: string;
}

export type AuthorityProcess = EngineProcess & Authority;

const loopback = "127.0.0.1";

/** Of the identities that it gives out, as in the access control of `charts/rondo/dapr/configuration.yaml`. */
export const trustDomain = "public";

/**
 * Starts Dapr's certificate authority (sentry) on 127.0.0.1: with it sidecars prove to each other whom they speak for, and access control
 * knows who calls. Resolves when it signs.
 * @throws Error that says what is wrong
 */
export async function startAuthority({ folder, port, onLine, signal }: AuthorityOptions): Promise<AuthorityProcess> {
  const sentry = requireTool("sentry");
  const keys = join(folder, "keys");
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  const ports = portsIn(folder, ["api", "health", "metrics"], { api: port });
  const configuration = join(folder, "configuration.yaml");
  writeFileSync(configuration, "apiVersion: dapr.io/v1alpha1\nkind: Configuration\nmetadata:\n  name: authority\n");
  const flags = {
    port: ports.api,
    "listen-address": loopback,
    "healthz-port": ports.health,
    "healthz-listen-address": loopback,
    "metrics-port": ports.metrics,
    "metrics-listen-address": loopback,
    "issuer-credentials": keys,
    "trust-domain": trustDomain,
    config: configuration,
    "log-level": "warn",
  };
  const child = await startProcess({
    name: "the certificate authority",
    command: [sentry, ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)],
    cwd: folder,
    onLine,
    signal,
    ready: () => answers(`http://${loopback}:${ports.health}/healthz`, 200),
  });
  return { ...child, address: `${loopback}:${ports.api}`, anchors: readFileSync(join(keys, "ca.crt"), "utf8") };
}
