import { originOf } from "@rondo/config";
import { connect, type Database, migrate } from "@rondo/db";
import type { Engine } from "@rondo/engine";
import { authenticatorThrough } from "@rondo/identity";
import type { Metrics } from "@rondo/telemetry";
import { checkedBus, checkedTransport } from "./checked.ts";
import type { CommonConfig } from "./common_config.ts";
import type { Manifest } from "./manifest.ts";
import type { Opened, Platform } from "./platform.ts";

/** Connections of relay, bus, consumers and chores. */
const backgroundPool = 6;

export interface Pools {
  /** Answer requests, and do everything else; without a database neither. */
  readonly db: Database | undefined;
  readonly background: Database | undefined;
  readonly all: readonly Database[];
}

/** A service without a schema of its own may still need a database, for the local engine keeps events in it. */
export function connectPools({ name, migrations }: Manifest, config: CommonConfig, metrics: Metrics): Pools {
  const { databaseUrl: url, databasePool: max = backgroundPool } = config;
  if (url === undefined) return { db: undefined, background: undefined, all: [] };
  const first = connect({ url, max, name: `rondo-${name}`, metrics });
  if (migrations === undefined) return { db: undefined, background: first, all: [first] };
  const background = connect({ url, max: backgroundPool, name: `rondo-${name}-background`, metrics });
  return { db: first, background, all: [first, background] };
}

interface Means {
  readonly engine: Engine;
  readonly metrics: Metrics;
  readonly pools: Pools;
}

export function createPlatform(manifest: Manifest, config: CommonConfig, { engine, metrics, pools }: Means): Platform {
  const origin = originOf(config);
  const transport = checkedTransport(engine.transport, manifest);
  // PostgreSQL answers while the service is wired, which is most of a start. Who waits for it hears of a failure.
  const opening = opens(manifest) ? open(manifest, engine, pools) : undefined;
  opening?.catch(() => undefined);
  const stored = (pool: Database | undefined): Database => {
    if (pool !== undefined) return pool;
    throw new Error(`${manifest.name} uses a database, but its manifest names no migrations`);
  };
  return {
    get db() {
      return stored(pools.db);
    },
    get background() {
      return stored(pools.background);
    },
    async opened() {
      if (opening === undefined)
        throw new Error(`${manifest.name} neither stores nor consumes anything, by its manifest`);
      return await opening;
    },
    transport,
    authenticate: authenticatorThrough((request) => transport("api", request), origin),
    sidecar: engine.sidecar,
    serviceToken: config.serviceToken,
    quietPollMs: undefined,
    metrics,
    origin,
    origins: [origin],
    trustedProxies: config.trustedProxies,
    clock: () => new Date(),
    newId: () => Bun.randomUUIDv7(),
  };
}

const opens = ({ migrations, consumes }: Manifest): boolean => migrations !== undefined || consumes.length > 0;

async function open(manifest: Manifest, engine: Engine, { db, background }: Pools): Promise<Opened> {
  const migrated = async () => {
    if (db !== undefined && manifest.migrations !== undefined) await migrate(db.sql, await manifest.migrations());
  };
  const scheduled = db === undefined || background === undefined ? undefined : engine.openScheduler(background);
  const [bus, scheduler] = await Promise.all([engine.openBus(background), scheduled, migrated()]);
  return {
    bus: checkedBus(bus, manifest),
    get scheduler() {
      if (scheduler !== undefined) return scheduler;
      throw new Error(`${manifest.name} schedules chores, but its manifest names no migrations`);
    },
  };
}
