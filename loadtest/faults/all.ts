import { brokerAway } from "./broker_away.ts";
import { killedAfterEffect, replicaKilled } from "./consumer_killed.ts";
import { drained } from "./drained.ts";
import type { DaprGround, Ground } from "./ground.ts";
import { malformed, newerMinor, poisoned, repeated, unknownType } from "./odd_events.ts";
import { openTransaction } from "./open_transaction.ts";
import { postgresqlRestarted, sidecarsKilled } from "./parts_ended.ts";
import { relayKilled } from "./relay_killed.ts";
import type { Row } from "./row.ts";
import { schedulerKilled } from "./scheduler_killed.ts";
import { twoApis } from "./two_apis.ts";

/** A fault by its short name; one that only Dapr's engine can have says so. */
export type Fault =
  | { readonly name: string; readonly run: (ground: Ground) => Promise<Row> }
  | { readonly name: string; readonly onDapr: (ground: DaprGround) => Promise<Row> };

/** Everything that is promised to survive, in full. */
export const faults: readonly Fault[] = [
  { name: "relay", run: (ground) => relayKilled(ground, { times: 50 }) },
  { name: "broker-down", onDapr: (ground) => brokerAway(ground, { how: "killed", seconds: 120, perSecond: 100 }) },
  { name: "broker-hung", onDapr: (ground) => brokerAway(ground, { how: "hung", seconds: 60, perSecond: 100 }) },
  { name: "sidecars", onDapr: (ground) => sidecarsKilled(ground, { times: 3, awayMs: 3_000 }) },
  { name: "after-effect", run: (ground) => killedAfterEffect(ground, { times: 20 }) },
  { name: "replica", run: (ground) => replicaKilled(ground, { times: 5 }) },
  { name: "two-apis", run: (ground) => twoApis(ground, { times: 6 }) },
  { name: "repeated", run: (ground) => repeated(ground, { events: 1_000, times: 10 }) },
  { name: "poisoned", run: poisoned },
  { name: "unknown-type", run: unknownType },
  { name: "newer-minor", run: newerMinor },
  { name: "malformed", run: malformed },
  { name: "postgresql", run: (ground) => postgresqlRestarted(ground, { times: 10 }) },
  { name: "scheduler", onDapr: (ground) => schedulerKilled(ground, { awayMs: 5_000 }) },
  {
    name: "open-transaction",
    run: (ground) => openTransaction(ground, { seconds: 300, perSecond: 100, windowSeconds: 30 }),
  },
  { name: "sigterm", run: (ground) => drained(ground, { times: 2 }) },
];
