import type { Log } from "@rondo/telemetry";
import { BatchLoad } from "./batch_load.ts";
import type { BusMetrics } from "./metrics.ts";
import { OutageGate } from "./outage_gate.ts";
import { defaultPolicy } from "./policy.ts";
import type { DeliveryPolicy, Subscription } from "./port.ts";

/** How long an engine keeps events, and one that nobody can read yet. */
export const retentionMs = 7 * 86_400_000;

/** What a test makes shorter; the defaults are those of an installation. */
export interface ConsumerTiming {
  /** For subscriptions that say nothing else. */
  readonly policy?: Partial<DeliveryPolicy>;
  /** How often to ask whether what is away is back; 200. */
  readonly probeEveryMs?: number;
  /** How long beyond its handler's time a process that died keeps what it had begun to try; 10,000. */
  readonly leaseMs?: number;
  /** How long an event waits for a program that knows its version; 7 days. */
  readonly retentionMs?: number;
}

/** A subscription with everything filled in. */
export interface Consumer {
  readonly subscription: Subscription;
  readonly batchSize: number;
  readonly policy: DeliveryPolicy;
  readonly leaseMs: number;
  readonly retentionMs: number;
  readonly metrics: BusMetrics;
  readonly log: Log;
  readonly gate: OutageGate;
  readonly load: BatchLoad;
}

export interface ConsumerOptions extends ConsumerTiming {
  readonly subscription: Subscription;
  /** Whether the database that keeps the group's parked events answers. */
  readonly databaseReady: () => Promise<void>;
  readonly metrics: BusMetrics;
  readonly log: Log;
}

export function createConsumer(options: ConsumerOptions): Consumer {
  const { subscription, databaseReady, metrics, log } = options;
  const { topic, group, probe, batchSize = 100 } = subscription;
  const policy = { ...defaultPolicy, ...options.policy, ...subscription.policy };
  const gate = new OutageGate({
    probes: probe === undefined ? [databaseReady] : [databaseReady, probe],
    everyMs: options.probeEveryMs ?? 200,
    changed: (cause) => {
      metrics.paused(topic, group, cause !== undefined);
      if (cause === undefined) log.info("a group goes on: what it needs is back", { topic, group });
      else log.warn("a group pauses: something that it needs is away", { topic, group, error: cause });
    },
  });
  const leaseMs = policy.timeoutMs + (options.leaseMs ?? 10_000);
  return {
    subscription,
    batchSize,
    policy,
    leaseMs,
    retentionMs: options.retentionMs ?? retentionMs,
    metrics,
    log,
    gate,
    load: new BatchLoad(),
  };
}
