import { holdLeaderLock, PollPace, untilAborted } from "@rondo/coordination";
import type { Database } from "@rondo/db";
import { getLog, type Metrics } from "@rondo/telemetry";
import { type ConsumerTiming, createConsumer } from "../consumer.ts";
import { createBusMetrics } from "../metrics.ts";
import type { Broadcast, Bus, BusAdmin, Subscription } from "../port.ts";
import { createAdmin } from "./admin.ts";
import { Broadcaster } from "./broadcaster.ts";
import { Group } from "./group.ts";
import { publish } from "./publisher.ts";
import { Watcher } from "./watcher.ts";

export interface LocalBusOptions extends ConsumerTiming {
  /** A database with the schema of `busMigrations`. Each group that this process holds takes one connection of its pool. */
  readonly db: Database;
  readonly metrics: Metrics;
  /** How often to look for what other processes published; 250. */
  readonly pollMs?: number;
  /** The same when they have not for a while (see `PollPace`); `pollMs`. */
  readonly quietPollMs?: number | undefined;
}

/**
 * The engine of one machine: a small log in PostgreSQL with the semantics that Kafka has (`semantics.ts`). Consumers in
 * the publisher's process are woken at once, those of other processes within `pollMs`.
 */
export function createLocalBus(options: LocalBusOptions): Bus & BusAdmin {
  const { db, pollMs = 250, quietPollMs } = options;
  const log = getLog("bus");
  const watcher = new Watcher();
  const groups: Group[] = [];
  const metrics = createBusMetrics(options.metrics, groups, groups);
  const broadcasts: Broadcast[] = [];
  const stopping = new AbortController();
  let stopped: Promise<unknown> | undefined;
  let running: Promise<unknown>[] = [];

  return {
    ...createAdmin(db.sql, () => watcher.look()),
    publish: (topic, events) =>
      publish({ db, log }, topic, events, (partition, rows) => watcher.published(topic, partition, rows)),
    subscribe: (subscription) => {
      refuseTwice(groups, subscription);
      const consumer = createConsumer({ ...options, subscription, databaseReady: db.ready, metrics, log });
      groups.push(new Group(db, consumer));
    },
    broadcast: (broadcast) => {
      broadcasts.push(broadcast);
    },
    start: async () => {
      const broadcasters = broadcastersOf(broadcasts);
      await Promise.all(broadcasters.map((broadcaster) => broadcaster.begin()));
      running = [
        ...broadcasters.map(listenTo),
        ...groups.map(hold),
        watcher.run(db.sql, new PollPace(pollMs, quietPollMs), stopping.signal, log),
      ];
    },
    stop: () => {
      stopping.abort();
      stopped ??= Promise.all(running);
      return stopped.then(() => undefined);
    },
  };

  function broadcastersOf(all: readonly Broadcast[]): Broadcaster[] {
    const byTopic = Map.groupBy(all, ({ topic }) => topic);
    return [...byTopic].map(([topic, those]) => new Broadcaster(db.sql, topic, those, log));
  }

  function listenTo(broadcaster: Broadcaster): Promise<void> {
    watcher.listen(broadcaster);
    return broadcaster.run(stopping.signal);
  }

  async function hold(group: Group): Promise<void> {
    watcher.listen(group.listener);
    const holding = holdLeaderLock({
      db,
      name: group.name,
      work: (over) => group.run(over),
      onError: (error) => log.warn("the hold on a group was lost; trying again", { group: group.name, error }),
    });
    await untilAborted(stopping.signal);
    await holding.stop();
  }
}

function refuseTwice(groups: readonly Group[], { topic, group }: Subscription): void {
  if (!groups.some((other) => other.isFor(topic, group))) return;
  throw new Error(`The group ${group} already has a handler for ${topic} in this process.`);
}
