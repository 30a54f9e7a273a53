import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { buildDeployable, choose } from "@rondo/scripts/build";
import { describeWith, temporaryFolder } from "@rondo/testing";
import { brokerAway } from "./broker_away.ts";
import { killedAfterEffect, replicaKilled } from "./consumer_killed.ts";
import { type DaprGround, type LocalGround, openDapr, openLocal } from "./ground.ts";
import { newerMinor, poisoned, repeated, unreadable } from "./odd_events.ts";
import { postgresqlRestarted, sidecarsKilled } from "./parts_ended.ts";
import { relayKilled } from "./relay_killed.ts";
import { isKept, type Row } from "./row.ts";
import { schedulerKilled } from "./scheduler_killed.ts";
import { twoApis } from "./two_apis.ts";

/** The short form of `npm run faults`: nothing may be lost, doubled or out of order. */
const expectKept = (row: Row) => expect({ ...row, kept: isKept(row) }).toMatchObject({ kept: true });

const folder = temporaryFolder("fault-executables");
beforeAll(async () => {
  for (const deployable of choose(["api", "audit", "web", "sync", "ops"])) await buildDeployable(deployable, folder);
});

describe("on the local engine, nothing is lost, doubled or out of order when", () => {
  let ground: LocalGround;
  beforeAll(async () => {
    ground = await openLocal(folder);
  });
  afterAll(() => ground?.[Symbol.asyncDispose]());

  test("the relay is killed in mid-batch", async () => expectKept(await relayKilled(ground, { times: 4 })));
  test(
    "the consumer is killed after its effect, before its answer",
    async () => expectKept(await killedAfterEffect(ground, { times: 2 })),
    60_000,
  );
  test(
    "PostgreSQL is restarted, and killed",
    async () => expectKept(await postgresqlRestarted(ground, { times: 2 })),
    90_000,
  );
});

describeWith(
  ["daprd", "sentry", "scheduler", "kafka"],
  "on Dapr and Kafka, nothing is lost, doubled or out of order when",
  () => {
    let ground: DaprGround;
    beforeAll(async () => {
      ground = await openDapr(folder);
    });
    afterAll(() => ground?.[Symbol.asyncDispose]());

    test("the relay is killed in mid-batch", async () => expectKept(await relayKilled(ground, { times: 4 })));
    test(
      "the consumer is killed after its effect, before its answer",
      async () => expectKept(await killedAfterEffect(ground, { times: 2 })),
      60_000,
    );
    test(
      "one of two consumer replicas is killed",
      async () => expectKept(await replicaKilled(ground, { times: 1 })),
      90_000,
    );
    test(
      "the api whose relay works is killed, then the other one frozen",
      async () => expectKept(await twoApis(ground, { times: 2 })),
      90_000,
    );
    test(
      "the same event comes 10 times, shuffled, at the same time",
      async () => expectKept(await repeated(ground, { events: 100, times: 10 })),
      60_000,
    );
    test("an event comes that nobody knows", async () => expectKept(await unreadable(ground, "unknown")));
    test("what comes is no event", async () => expectKept(await unreadable(ground, "malformed")));
    test("an event has a newer minor version", async () => expectKept(await newerMinor(ground)));
    test(
      "the broker is down",
      async () => expectKept(await brokerAway(ground, { how: "killed", seconds: 5, perSecond: 100 })),
      90_000,
    );
    test(
      "the broker hangs",
      async () => expectKept(await brokerAway(ground, { how: "hung", seconds: 5, perSecond: 100 })),
      90_000,
    );
    test(
      "each sidecar is killed",
      async () => expectKept(await sidecarsKilled(ground, { times: 1, awayMs: 1_000 })),
      90_000,
    );
    test("the scheduler is killed", async () => expectKept(await schedulerKilled(ground, { awayMs: 3_000 })));
    test(
      "PostgreSQL is restarted, and killed",
      async () => expectKept(await postgresqlRestarted(ground, { times: 2 })),
      90_000,
    );
    test("an event is poisoned", async () => expectKept(await poisoned(ground)));
  },
);
