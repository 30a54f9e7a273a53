import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Authority, trustDomain } from "./authority.ts";
import { portsIn } from "./ports.ts";
import { answers, type EngineProcess, startProcess } from "./process.ts";
import { requireTool } from "./tool.ts";

export interface SidecarOptions {
  /** The service that it speaks for; replicas share it. */
  readonly appId: string;
  /** Where the app listens, or will: it may start later, and needs its secrets from the sidecar before. */
  readonly appPort: number;
  /** From `writeResources`. */
  readonly resources: Resources;
  /** Of Kafka, `127.0.0.1:9092`. */
  readonly brokers: string;
  /** Of Dapr's scheduler; without one there are no jobs, and its `/v1.0/healthz` stays red. */
  readonly scheduler?: string | undefined;
  /** Gives it a certificate: only with one does access control know who calls. Without, everybody may call. */
  readonly authority?: Authority | undefined;
  /** What the app shows the sidecar, and what the sidecar shows the app, at every call. */
  readonly tokens?: { readonly dapr: string; readonly app: string } | undefined;
  /** A file for the secret store `secrets`: one JSON object of texts. Without one the store is empty. */
  readonly secrets?: string | undefined;
  /** Names this replica's group of broadcasts, the same after a restart; the app's id. */
  readonly podName?: string | undefined;
  /** The base URL of an OTLP/HTTP collector: its part of each trace goes there, between those of the services. */
  readonly traces?: string | undefined;
  /** For this replica alone: its ports and an empty secret store. */
  readonly folder: string;
  /** Otherwise the one of the last start in this folder, or any that is free. */
  readonly httpPort?: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: ((line: string) => void) | undefined;
  /** Aborted: a start that is under way is given up. */
  readonly signal?: AbortSignal | undefined;
}

/** The files that a sidecar reads. */
export interface Resources {
  /** The folder of components, subscriptions and resiliency. */
  readonly folder: string;
  /** Each over the one before. */
  readonly configurations: readonly string[];
  /** The file by which sidecars find each other. */
  readonly names: string;
}

export interface SidecarProcess extends EngineProcess {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

const loopback = "127.0.0.1";
/** Of the apps, as in the access control of `charts/rondo/dapr/configuration.yaml`. */
const namespace = "rondo";

/** Starts daprd on 127.0.0.1. Resolves when it can publish, call, schedule and tell secrets. @throws Error that says what is wrong */
export async function startSidecar(options: SidecarOptions): Promise<SidecarProcess> {
  const { appId, appPort, resources, folder, tokens, authority, onLine, signal } = options;
  const daprd = requireTool("daprd");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ports = portsIn(folder, ["http", "grpc", "internal", "metrics"], { http: options.httpPort });
  const url = `http://${loopback}:${ports.http}`;
  const flags = {
    "app-id": appId,
    "app-port": appPort,
    "app-protocol": "http",
    "app-channel-address": loopback,
    "resources-path": resources.folder,
    "dapr-listen-addresses": loopback,
    "dapr-http-port": ports.http,
    "dapr-grpc-port": ports.grpc,
    "dapr-internal-grpc-port": ports.internal,
    "dapr-internal-grpc-listen-address": loopback,
    "metrics-port": ports.metrics,
    "metrics-listen-address": loopback,
    "scheduler-host-address": options.scheduler ?? "",
    "enable-app-health-check": "true",
    "app-health-check-path": "/healthz",
    "app-health-probe-interval": 1,
    "app-health-probe-timeout": 500,
    "app-health-threshold": 2,
    "dapr-graceful-shutdown-seconds": 5,
    "log-level": "warn",
    ...(authority && {
      "enable-mtls": "true",
      "sentry-address": authority.address,
      "control-plane-trust-domain": trustDomain,
    }),
  };
  const configurations = resources.configurations.filter((file) => !(authority && file.includes("without_authority")));
  const child = await startProcess({
    name: `the sidecar of ${appId}`,
    command: [
      daprd,
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      ...configurations.map((file) => `--config=${file}`),
    ],
    cwd: folder,
    env: {
      ...options.env,
      ...(options.traces && tracesTo(options.traces)),
      ...(tokens === undefined ? {} : { DAPR_API_TOKEN: tokens.dapr, APP_API_TOKEN: tokens.app }),
      ...(authority && { DAPR_TRUST_ANCHORS: authority.anchors }),
      NAMESPACE: namespace,
      DAPR_HOST_IP: loopback,
      POD_NAME: options.podName ?? appId,
      RONDO_KAFKA_BROKERS: options.brokers,
      RONDO_SECRETS_FILE: options.secrets ?? emptySecrets(folder),
      RONDO_NAMES_FILE: resources.names,
    },
    onLine,
    signal,
    ready: () => answers(`${url}/v1.0/healthz/outbound`, 204),
  });
  return { ...child, url };
}

/** Without more words it would speak gRPC, and over TLS. */
function tracesTo(collector: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_EXPORTER_OTLP_INSECURE: String(collector.startsWith("http://")),
  };
}

function emptySecrets(folder: string): string {
  const file = join(folder, "no_secrets.json");
  writeFileSync(file, "{}\n", { mode: 0o600 });
  return file;
}
