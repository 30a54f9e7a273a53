import type { Bus } from "@rondo/bus";
import { holdLeaderLock, type LeaderLock, PollPace, WakeUp, within } from "@rondo/coordination";
import type { Database } from "@rondo/db";
import { getLog, type Metrics } from "@rondo/telemetry";
import { createOutboxMetrics } from "./metrics.ts";
import { RelayStep, type StepResult } from "./relay_step.ts";

export interface RelayOptions {
  /** One connection of its pool belongs to the relay while it is the active one. */
  readonly db: Database;
  /** The schema whose outbox it empties. */
  readonly schema: string;
  readonly bus: Bus;
  readonly metrics: Metrics;
  /** How often to look for what other processes appended; 250. */
  readonly pollMs?: number;
  /** The same when they have not for a while (see `PollPace`); `pollMs`. */
  readonly quietPollMs?: number | undefined;
  /** Most events in one call to the bus; 500. */
  readonly batchSize?: number;
  /** From one look at the outbox to the next, unless there is a backlog; 20. A look costs the same for one event as for many. */
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

/**
 * Takes events from the outbox to the bus. Any number of processes may have one; one at a time works, and another takes
 * over within 6 s of its death. What the engine acknowledged is deleted; what is unknown stays and is published again,
 * before what its key has after it; what it refuses is set aside with the reason. A topic, partition or key that is stuck holds
 * back nobody else.
 */
export function createRelay(options: RelayOptions): Relay {
  const { db, schema, bus, pollMs = 250, quietPollMs, batchSize = 500, stepMs = 20 } = options;
  const log = getLog("outbox");
  const metrics = createOutboxMetrics(options.metrics, db.sql, schema);
  const wakeUp = new WakeUp();
  let lock: LeaderLock | undefined;
  let appended = false;
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
    wake: () => {
      appended = true;
      wakeUp.notify();
    },
    stop: async () => {
      draining = true;
      wakeUp.notify();
      if (working !== undefined) await within(working, drainMs, "late").catch(() => undefined);
      await lock?.stop();
    },
  };

  /** Ends with the first failure of the database: only from the beginning is it certain again what is where. */
  async function work(over: AbortSignal): Promise<void> {
    const step = new RelayStep({ sql: db.sql, schema, bus, batchSize });
    const calls = new Calls(report, () => wakeUp.notify());
    const pace = new PollPace(pollMs, quietPollMs);
    let readAt = Number.NEGATIVE_INFINITY;
    let more = true;
    while (!over.aborted) {
      calls.check();
      const now = performance.now();
      let drained = false;
      if (now >= nextReadAt()) {
        readAt = now;
        const told = appended;
        appended = false;
        const { read, refused, ...rest } = await step.read(now);
        if (read > 0 && !told && !appended) pace.found(now);
        more = rest.more;
        drained = draining && read === 0;
        report({ published: [], refused });
      }
      for (const call of step.start(now)) calls.add(call);
      if (drained && calls.underWay === 0 && step.dueAt > now) return;
      await wakeUp.wait(Math.max(0, Math.min(nextReadAt(), step.dueAt) - now), over);
    }

    function nextReadAt(): number {
      if (more) return readAt;
      return readAt + (appended || draining ? stepMs : pace.pauseMs(performance.now()));
    }
  }

  function report({ published, refused }: StepResult): void {
    metrics.published(published);
    if (refused > 0) log.error("events were refused; they are set aside", { schema, count: refused });
  }
}

/** The calls under way: a lane whose call hangs keeps nobody waiting. */
class Calls {
  readonly #report: (result: StepResult) => void;
  readonly #settled: () => void;
  #failure: { readonly error: unknown } | undefined;
  underWay = 0;

  constructor(report: (result: StepResult) => void, settled: () => void) {
    this.#report = report;
    this.#settled = settled;
  }

  add(call: Promise<StepResult>): void {
    this.underWay += 1;
    call
      .then(this.#report, (error: unknown) => {
        this.#failure = { error };
      })
      .finally(() => {
        this.underWay -= 1;
        this.#settled();
      });
  }

  /** @throws what a call has failed with */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
