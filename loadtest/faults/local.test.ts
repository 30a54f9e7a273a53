import { afterAll, beforeAll, describe, test } from "bun:test";
import { killedAfterEffect } from "./consumer_killed.ts";
import { expectKept, localGround } from "./expect_kept.fixture.ts";
import type { LocalGround } from "./ground.ts";
import { postgresqlRestarted } from "./parts_ended.ts";
import { relayKilled } from "./relay_killed.ts";

/** The short form of `npm run faults`. */
describe("on the local engine, nothing is lost, doubled or out of order when", () => {
  let ground: LocalGround;
  beforeAll(async () => {
    ground = await localGround();
  });
  afterAll(() => ground?.[Symbol.asyncDispose]());

  test("the relay is killed in mid-batch", async () => expectKept(await relayKilled(ground, { times: 4 })));
  test("the consumer is killed after its effect, before its answer", async () =>
    expectKept(await killedAfterEffect(ground, { times: 2 })));
  test("PostgreSQL is restarted, and killed", async () => expectKept(await postgresqlRestarted(ground, { times: 2 })));
});
