import type { Bus } from "@rondo/bus";
import { holdLeaderLock, type LeaderLock, pause, WakeUp, within } from "@rondo/coordination";
import type { Database } from "@rondo/db";
import { getLog, type Metrics } from "@rondo/telemetry";
import { createOutboxMetrics } from "./metrics.ts";
import { createRelayStep } from "./relay_step.ts";

export interface RelayOptions {
  /** One connection of its pool belongs to the relay while it is the active one. */
  readonly db: Database;
  /** The schema whose outbox it empties. */
  readonly schema: string;
  readonly bus: Bus;
  readonly metrics: Metrics;
  /** How often to look for what other processes appended; 250. */
  readonly pollMs?: number;
  /** Most events in one call to the bus; 500. */
  readonly batchSize?: number;
  /** From the beginning of one step to that of the next, unless there is a backlog; 20. A step costs the same for one event as for many. */
  readonly stepMs?: number;
}

export interface Relay {
  start(): void;
  /** There is something in the outbox: to be called after the commit that put it there. Returns at once. */
  wake(): void;
  /** Publishes what is there, as far as the engine takes it (5 s at most), then ends. */
  stop(): Promise<void>;
}

const drainMs = 5_000;
const firstPauseMs = 50;
const longestPauseMs = 2_000;

/**
 * Takes events from the outbox to the bus. Any number of processes may have one; one at a time works, and another takes
 * over within 6 s of its death. What the engine acknowledged is deleted; what is unknown stays and is published again,
 * before everything that was appended later; what it refuses is set aside with the reason.
 */
export function createRelay(options: RelayOptions): Relay {
  const { db, schema, bus, pollMs = 250, batchSize = 500, stepMs = 20 } = options;
  const log = getLog("outbox");
  const metrics = createOutboxMetrics(options.metrics, db.sql, schema);
  const wakeUp = new WakeUp();
  let lock: LeaderLock | undefined;
  let draining = false;
  let working: Promise<void> | undefined;

  return {
    start: () => {
      lock ??= holdLeaderLock({
        db,
        name: `outbox ${schema}`,
        work: (over) => {
          working = work(over);
          return working;
        },
        onError: (error) => log.warn("the outbox relay lost its leader lock; trying again", { schema, error }),
      });
    },
    wake: () => wakeUp.notify(),
    stop: async () => {
      draining = true;
      wakeUp.notify();
      if (working !== undefined) await within(working, drainMs, "late").catch(() => undefined);
      await lock?.stop();
    },
  };

  async function work(over: AbortSignal): Promise<void> {
    const step = createRelayStep({ sql: db.sql, schema, bus, batchSize });
    let pauseMs = firstPauseMs;
    while (!over.aborted) {
      const began = performance.now();
      const { read, published, refused } = await step(began);
      if (read === 0 && draining) return;
      if (read === 0) {
        await wakeUp.wait(pollMs, over);
        continue;
      }
      metrics.published(published);
      if (refused > 0) log.error("the engine refused events; they are set aside", { schema, count: refused });
      if (published.length + refused === read) {
        pauseMs = firstPauseMs;
        const backlog = read === batchSize;
        if (!backlog && !draining) await pause(Math.max(0, began + stepMs - performance.now()), over);
      } else {
        if (draining) return;
        await pause(pauseMs, over);
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
    }
  }
}
