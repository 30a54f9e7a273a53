import { afterAll, beforeAll, test } from "bun:test";
import { describeWith } from "@rondo/testing";
import { killedAfterEffect, replicaKilled } from "./consumer_killed.ts";
import { daprGround, expectKept } from "./expect_kept.fixture.ts";
import type { DaprGround } from "./ground.ts";
import { malformed, newerMinor, poisoned, repeated, unknownType } from "./odd_events.ts";
import { relayKilled } from "./relay_killed.ts";
import { twoApis } from "./two_apis.ts";

/** The short form of `npm run faults`: our own programs die, and events are odd. */
describeWith(
  ["daprd", "sentry", "scheduler", "kafka"],
  "on Dapr and Kafka, nothing is lost, doubled or out of order when",
  () => {
    let ground: DaprGround;
    beforeAll(async () => {
      ground = await daprGround();
    });
    afterAll(() => ground?.[Symbol.asyncDispose]());

    test("the relay is killed in mid-batch", async () => expectKept(await relayKilled(ground, { times: 4 })));
    test("the consumer is killed after its effect, before its answer", async () =>
      expectKept(await killedAfterEffect(ground, { times: 2 })));
    test("one of two consumer replicas is killed", async () => expectKept(await replicaKilled(ground, { times: 1 })));
    test("the api whose relay works is killed, then the other one frozen", async () =>
      expectKept(await twoApis(ground, { times: 2 })));
    test("the same event comes 10 times, shuffled, at the same time", async () =>
      expectKept(await repeated(ground, { events: 100, times: 10 })));
    test("an event comes that nobody knows", async () => expectKept(await unknownType(ground)));
    test("what comes is no event", async () => expectKept(await malformed(ground)));
    test("an event has a newer minor version", async () => expectKept(await newerMinor(ground)));
    test("an event is poisoned", async () => expectKept(await poisoned(ground)));
  },
);
