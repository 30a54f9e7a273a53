import { apiMigrations, createApp as createApi, createIdentity, scheduleApiChores } from "@rondo/api";
import { auditMigrations, auditSubscription, createApp as createAudit, scheduleAuditChores } from "@rondo/audit";
import { busMigrations, createLocalBus, trimLog } from "@rondo/bus";
import { createClient, inProcessFetch } from "@rondo/client";
import { connect, migrate } from "@rondo/db";
import { combine, createStreams, type Fetcher, type Streams } from "@rondo/http";
import { authenticatorThrough } from "@rondo/identity";
import { createRelay } from "@rondo/outbox";
import { createLocalScheduler, schedulerMigrations } from "@rondo/scheduler";
import { createApp as createSync, type Sync } from "@rondo/sync";
import type { Metrics } from "@rondo/telemetry";
import { createApp as createWeb } from "@rondo/web";

export interface ServicesOptions {
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly authSecret: string;
  /** The first is the site's own; the others are names of the same machine that a browser may use as well. */
  readonly origins: readonly [string, ...string[]];
  /** How often one person or token may call the api, and the audit trail, in a minute. */
  readonly requestsPerMinute: number;
  /** Addresses or CIDR blocks of reverse proxies, whose word about the client's address counts; none. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly streams: { readonly perUser: number; readonly perProcess: number };
  readonly metrics: Metrics;
}

export interface Services {
  /** Every path of the site. */
  readonly app: Fetcher;
  readonly websocket: Sync["websocket"];
  readonly ready: Readonly<Record<string, () => Promise<void>>>;
  /** What a drain ends, in this order. */
  readonly streams: Streams;
  readonly consumers: readonly (() => Promise<void>)[];
  readonly pools: readonly (() => Promise<void>)[];
  /** Ends it all without a server to drain. */
  stop(): Promise<void>;
}

/** Connections of the relay, the bus and the consumers: never taken from those that answer requests. */
const backgroundPool = 6;

/**
 * Every service in this process, wired as the cluster wires them, with calls instead of HTTP between them: the same apps, the same
 * tokens, the same events. The schemas are brought up to date first.
 */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { databaseUrl, origins, metrics } = options;
  const [origin] = origins;
  const clock = () => new Date();
  const newId = () => Bun.randomUUIDv7();
  const db = connect({ url: databaseUrl, name: "rondo", max: options.databasePool, metrics });
  const background = connect({ url: databaseUrl, name: "rondo-background", max: backgroundPool, metrics });
  for (const migrations of [apiMigrations, busMigrations, schedulerMigrations, auditMigrations])
    await migrate(db.sql, migrations);

  const bus = createLocalBus({ db: background, metrics });
  const scheduler = createLocalScheduler({ db: background, metrics });
  const { sql } = background;
  scheduler.every("bus-trim", 3_600_000, () => trimLog(sql));
  scheduleApiChores(scheduler, { db: background, clock, newId });
  scheduleAuditChores(scheduler, { sql, clock });
  const relay = createRelay({ db: background, schema: "api", bus, metrics });
  const identity = createIdentity({ db, databaseUrl, origin, secret: options.authSecret, clock, newId });
  const authenticate = authenticatorThrough(async (request) => api.fetch(request), origin);
  bus.subscribe(auditSubscription({ db: background, newId }));
  const serving = { metrics, origin: origins, trustedProxies: options.trustedProxies };
  const { requestsPerMinute } = options;
  const audit = createAudit({ db, authenticate, requestsPerMinute, ...serving });
  const { wake: wakeRelay } = relay;
  const api = createApi({ db, identity, clock, newId, wakeRelay, requestsPerMinute, ...serving });

  const streams = createStreams();
  const sync = createSync({ bus, authenticate, streams, limits: options.streams, ...serving });
  const client = createClient({ fetch: inProcessFetch({ api, audit }), origin });
  const web = createWeb({ client, authenticator: authenticate, clock, ...serving });

  await bus.start();
  relay.start();
  await scheduler.start();
  const consumers = [sync.stop, () => relay.stop().then(bus.stop), scheduler.stop];
  const pools = [identity.close, db.close, background.close];
  return {
    app: combine({ "/": web, "/api": api, "/api/v1/audit": audit, "/sync": sync.app }),
    websocket: sync.websocket,
    ready: { postgresql: db.ready },
    streams,
    consumers,
    pools,
    async stop() {
      await Promise.all(consumers.map((end) => end()));
      for (const close of pools) await close();
    },
  };
}
