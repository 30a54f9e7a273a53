import { afterAll, beforeAll, expect, test } from "bun:test";
import { describeWith } from "@rondo/testing";
import { freshTopic, openTestKafka } from "../kafka.fixture.ts";
import { KafkaAway, type OpenKafka } from "./connect.ts";
import { askCoordinator } from "./coordinator.ts";
import { groupNames, readGroups } from "./groups.ts";
import { lagOf, topicsOfGroup } from "./lag.ts";

/** As kafkajs throws what a broker answers. */
const protocolError = (type: string) => Object.assign(new Error(`the broker says ${type}`), { type });
const loading = protocolError("GROUP_LOAD_IN_PROGRESS");

function failing(times: number, error: Error) {
  const asked = { times: 0 };
  const ask = async () => {
    asked.times += 1;
    if (asked.times <= times) throw error;
    return "told";
  };
  return { asked, ask };
}

test.each([
  ["loads", loading],
  ["is not there yet", protocolError("GROUP_COORDINATOR_NOT_AVAILABLE")],
  ["has become another", protocolError("NOT_COORDINATOR_FOR_GROUP")],
  ["loads, in the words of kafkajs", new Error("retries exceeded", { cause: loading })],
])("a coordinator that %s is asked again", async (_, error) => {
  const { asked, ask } = failing(3, error);
  expect(await askCoordinator(ask, { everyMs: 1 })).toBe("told");
  expect(asked.times).toBe(4);
});

test("any other error is told at once", async () => {
  const { asked, ask } = failing(1, protocolError("GROUP_AUTHORIZATION_FAILED"));
  await expect(askCoordinator(ask, { everyMs: 1 })).rejects.toThrow("GROUP_AUTHORIZATION_FAILED");
  expect(asked.times).toBe(1);
});

test("one that is never ready is a clear line within the deadline", async () => {
  const { ask } = failing(Number.POSITIVE_INFINITY, new Error("retries exceeded", { cause: loading }));
  const begun = performance.now();
  const error = await askCoordinator(ask, { deadlineMs: 50, everyMs: 5 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(KafkaAway);
  expect(String(error)).toContain("try again in a moment: the broker says GROUP_LOAD_IN_PROGRESS");
  expect(performance.now() - begun).toBeLessThan(1_000);
});

describeWith("kafka", "a broker that has just started", () => {
  let open: OpenKafka;
  beforeAll(async () => {
    open = await openTestKafka();
  });
  afterAll(() => open.close());

  test("is asked again for everything that is asked about groups", async () => {
    const topic = await freshTopic(open);
    const { listGroups, fetchOffsets, describeGroups } = open.admin;
    const onceLoading = <A extends unknown[], R>(ask: (...args: A) => Promise<R>) => {
      const { ask: first } = failing(1, loading);
      return async (...args: A) => {
        await first();
        return await ask(...args);
      };
    };
    const admin = () => ({
      ...open.admin,
      listGroups: onceLoading(listGroups),
      fetchOffsets: onceLoading(fetchOffsets),
      describeGroups: onceLoading(describeGroups),
    });
    expect(await groupNames(admin())).not.toContain("a-group");
    expect(await lagOf(admin(), "a-group", [topic])).toHaveLength(3);
    expect(await topicsOfGroup(admin(), "a-group")).toEqual([]);
    expect(await readGroups(admin(), ["a-group"])).toMatchObject([{ group: "a-group", members: [] }]);
  });
});
