import { afterAll, beforeAll, test } from "bun:test";
import { describeWith } from "@rondo/testing";
import { brokerAway } from "./broker_away.ts";
import { daprGround, expectKept } from "./expect_kept.fixture.ts";
import type { DaprGround } from "./ground.ts";
import { postgresqlRestarted, sidecarsKilled } from "./parts_ended.ts";
import { schedulerKilled } from "./scheduler_killed.ts";

/** The short form of `npm run faults`: what our programs stand on goes away. */
describeWith(
  ["daprd", "sentry", "scheduler", "kafka"],
  "on Dapr and Kafka, nothing is lost, doubled or out of order when",
  () => {
    let ground: DaprGround;
    beforeAll(async () => {
      ground = await daprGround();
    });
    afterAll(() => ground?.[Symbol.asyncDispose]());

    test("the broker is down", async () =>
      expectKept(await brokerAway(ground, { how: "killed", seconds: 5, perSecond: 100 })));
    test("the broker hangs", async () =>
      expectKept(await brokerAway(ground, { how: "hung", seconds: 5, perSecond: 100 })));
    test("each sidecar is killed", async () => expectKept(await sidecarsKilled(ground, { times: 1, awayMs: 1_000 })));
    test("the scheduler is killed", async () => expectKept(await schedulerKilled(ground, { awayMs: 3_000 })));
    test("PostgreSQL is restarted, and killed", async () =>
      expectKept(await postgresqlRestarted(ground, { times: 2 })));
  },
);
