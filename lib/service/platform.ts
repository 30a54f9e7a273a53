import type { Bus } from "@rondo/bus";
import type { Transport } from "@rondo/client";
import type { Database } from "@rondo/db";
import type { Fetcher, SidecarCalls, Streams } from "@rondo/http";
import type { RemoteAuthenticator } from "@rondo/identity";
import type { Scheduler } from "@rondo/scheduler";
import type { Metrics } from "@rondo/telemetry";
import type { WebSocketHandler } from "bun";

/** What a service stores and hears, opened in the background from the beginning of a start. */
export interface Opened {
  /** Not started yet: subscribe now. Refuses topics that the manifest does not name. */
  readonly bus: Bus;
  /** Not started yet: schedule chores now. @throws Error when the manifest names no migrations */
  readonly scheduler: Scheduler;
}

/** The surroundings of a service: the same in a process of its own, beside a sidecar or not, and among others in one process. */
export interface Platform {
  /** Answers requests. @throws Error when the manifest names no migrations: the service stores nothing */
  readonly db: Database;
  /** Connections of relay, bus, consumers and chores: never taken from those that answer requests. @throws Error as `db` does */
  readonly background: Database;
  /** Resolves when the schemas are up to date. For services whose manifest names migrations, or topics that they consume. */
  readonly opened: () => Promise<Opened>;
  /** Calls other services: those that the manifest names, for what it names. */
  readonly transport: Transport;
  /** Asks the api who calls. */
  readonly authenticate: RemoteAuthenticator;
  /** How calls through the sidecar of this process are known. */
  readonly sidecar: SidecarCalls | undefined;
  /** What the services show each other where there is no sidecar. */
  readonly serviceToken: string | undefined;
  /** How often loops look for what other processes did when there is none that does anything; as often as ever where there may be. Milliseconds. */
  readonly quietPollMs: number | undefined;
  readonly metrics: Metrics;
  /** The site's origin; the first of several. */
  readonly origin: string;
  /** All origins that browsers use. */
  readonly origins: readonly string[];
  readonly trustedProxies: readonly string[] | undefined;
  readonly clock: () => Date;
  /** A new UUIDv7. */
  readonly newId: () => string;
}

/** A service that is ready to be listened to. Everything but `app` is for services that have it. */
export interface Wired<Data = undefined> {
  readonly app: Fetcher;
  readonly websocket?: WebSocketHandler<Data>;
  /** Ended by the drain before requests are waited for. */
  readonly streams?: Streams;
  /** What else must work before the service is of use, by name. */
  readonly ready?: Readonly<Record<string, () => Promise<void>>>;
  /** Ready for requests before the bus delivers: for who tells its callers when events begin. */
  readonly servesBeforeEvents?: boolean;
  /** Called once bus and scheduler run. */
  readonly start?: () => void;
  /** Ends what `start` began, and what the service does by itself; bus and database still work. */
  readonly stop?: () => Promise<void>;
  /** Ends pools of the service's own, after everything else. */
  readonly close?: () => Promise<void>;
}
