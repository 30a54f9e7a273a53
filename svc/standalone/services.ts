import { wireApi } from "@rondo/api";
import { apiManifest } from "@rondo/api/manifest";
import { wireAudit } from "@rondo/audit";
import { auditManifest } from "@rondo/audit/manifest";
import { busMigrations, createLocalBus, trimLog } from "@rondo/bus";
import { inProcessFetch } from "@rondo/client";
import { connect, type Database, migrate } from "@rondo/db";
import { combine, type Fetcher, type Streams } from "@rondo/http";
import { authenticatorThrough } from "@rondo/identity";
import { createLocalScheduler, schedulerMigrations } from "@rondo/scheduler";
import { checkedBus, checkedTransport, type Manifest, type Platform, type Wired } from "@rondo/service";
import { type SocketData, wireSync } from "@rondo/sync";
import { syncManifest } from "@rondo/sync/manifest";
import type { Metrics } from "@rondo/telemetry";
import { wireWeb } from "@rondo/web";
import { webManifest } from "@rondo/web/manifest";
import type { WebSocketHandler } from "bun";

export interface ServicesOptions {
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly authSecret: string;
  /** The first is the site's own; the others are names of the same machine that a browser may use as well. */
  readonly origins: readonly [string, ...string[]];
  /** Who may make an account; the first always can be made. */
  readonly signUp: "open" | "closed";
  /** How often one person or token may call the api, and the audit trail, in a minute. */
  readonly requestsPerMinute: number;
  /** Addresses or CIDR blocks of reverse proxies, whose word about the client's address counts; none. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly streamsPerUser: number;
  readonly streams: number;
  readonly metrics: Metrics;
}

export interface Services {
  /** Every path of the site. */
  readonly app: Fetcher;
  readonly websocket: WebSocketHandler<SocketData> | undefined;
  readonly ready: Readonly<Record<string, () => Promise<void>>>;
  /** What a drain ends, in this order. */
  readonly streams: Streams | undefined;
  readonly consumers: readonly (() => Promise<void>)[];
  readonly pools: readonly (() => Promise<void>)[];
  /** Ends it all without a server to drain. */
  stop(): Promise<void>;
}

/** Connections of the relay, the bus and the consumers: never taken from those that answer requests. */
const backgroundPool = 6;
/** All of Rondo is this process: only an operator's command or a second standalone does something that it is not told of. */
const quietPollMs = 4_000;

/**
 * Every service in this process, wired by the same functions as in a process of its own, with calls instead of HTTP between them. The
 * schemas are brought up to date first.
 */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { databaseUrl: url, origins, metrics, trustedProxies } = options;
  const [origin] = origins;
  const db = connect({ url, name: "rondo", max: options.databasePool, metrics });
  const background = connect({ url, name: "rondo-background", max: backgroundPool, metrics });
  await migrateAll(db);
  const bus = createLocalBus({ db: background, metrics, quietPollMs });
  const scheduler = createLocalScheduler({ db: background, metrics, quietPollMs });
  scheduler.every("bus-trim", 3_600_000, () => trimLog(background.sql));

  const transport = inProcessFetch({
    api: { fetch: (request) => api.app.fetch(request, {}) },
    audit: { fetch: (request) => audit.app.fetch(request, {}) },
  });
  const shared = {
    db,
    background,
    // One cache of credentials for the whole process.
    authenticate: authenticatorThrough((request) => transport("api", request), origin),
    sidecar: undefined,
    serviceToken: undefined,
    quietPollMs,
    metrics,
    origin,
    origins,
    trustedProxies,
    clock: () => new Date(),
    newId: () => Bun.randomUUIDv7(),
  };
  const platformOf = (manifest: Manifest): Platform => ({
    ...shared,
    opened: async () => ({ bus: checkedBus(bus, manifest), scheduler }),
    transport: checkedTransport(transport, manifest),
  });
  const api = await wireApi(platformOf(apiManifest), options);
  const audit = await wireAudit(platformOf(auditManifest), options);
  const sync = await wireSync(platformOf(syncManifest), options);
  const web = await wireWeb(platformOf(webManifest));
  const all: readonly Omit<Wired, "websocket">[] = [api, audit, sync, web];

  await bus.start();
  for (const { start } of all) start?.();
  await scheduler.start();
  const stopServices = async () => {
    await Promise.all(all.map(({ stop }) => stop?.()));
    await bus.stop();
  };
  const consumers = [stopServices, scheduler.stop];
  const pools = [...all.flatMap(({ close }) => close ?? []), db.close, background.close];
  return {
    app: combine({
      [webManifest.prefix]: web.app,
      [apiManifest.prefix]: api.app,
      [auditManifest.prefix]: audit.app,
      [syncManifest.prefix]: sync.app,
    }),
    websocket: sync.websocket,
    ready: { postgresql: db.ready },
    streams: sync.streams,
    consumers,
    pools,
    async stop() {
      await Promise.all(consumers.map((end) => end()));
      for (const close of pools) await close();
    },
  };
}

async function migrateAll({ sql }: Database): Promise<void> {
  const own = [apiManifest, auditManifest].map(({ migrations }) => migrations());
  for (const set of [...(await Promise.all(own)), busMigrations, schedulerMigrations]) await migrate(sql, set);
}
