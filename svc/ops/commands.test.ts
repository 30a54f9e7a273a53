import { afterAll, beforeAll, expect, test } from "bun:test";
import { encodeDeadLetter } from "@rondo/bus/dead_letter_record";
import { describeWith, waitFor } from "@rondo/testing";
import type { Consumer } from "kafkajs";
import type { OpenKafka } from "./kafka/connect.ts";
import { openTestKafka, ops, send, testBrokers } from "./kafka.fixture.ts";
import { ownTopics, wantedTopics } from "./topics/plan.ts";

describeWith("kafka", "commands on Kafka", () => {
  let open: OpenKafka;
  let environment: { RONDO_KAFKA_BROKERS: string };
  beforeAll(async () => {
    environment = { RONDO_KAFKA_BROKERS: await testBrokers() };
    open = await openTestKafka();
    await open.admin.deleteTopics({ topics: [...(await open.admin.listTopics())].filter(isOurs) });
  });
  afterAll(() => open.close());

  const isOurs = (name: string) => wantedTopics.some((topic) => topic.name === name);
  const run = (line: string) => ops(line, environment);
  const json = async (line: string) => {
    const { output, complaint, ...rest } = await run(`${line} --json`);
    return { ...rest, complaint, answer: output === "" ? undefined : JSON.parse(output) };
  };

  test("topics: checked, made, and made again without a change; a topic that differs stays and is said", async () => {
    const states = async (line: string) => {
      const { code, answer } = await json(line);
      return [code, [...new Set(answer.topics.map(({ state }: { state: string }) => state))]];
    };
    expect(await states("topics --check")).toEqual([1, ["missing"]]);
    expect((await open.admin.listTopics()).filter(isOurs)).toEqual([]);
    expect(await states("topics")).toEqual([0, ["created"]]);
    expect(await states("topics")).toEqual([0, ["ok"]]);
    expect(await states("topics --check --replication-factor=1")).toEqual([0, ["ok"]]);
    expect(await states("topics --check --replication-factor=2")).toEqual([1, ["differs"]]);

    await open.admin.deleteTopics({ topics: ["reminders"] });
    await waitFor(async () => !(await open.admin.listTopics()).includes("reminders"), { what: "the topic to go" });
    await open.admin.createTopics({ topics: [{ topic: "reminders", numPartitions: 1 }], waitForLeaders: true });
    const { code, output } = await run("topics");
    expect(code).toBe(1);
    expect(output).toContain("reminders: it has 1 partition instead of 3");
    await open.admin.deleteTopics({ topics: ["reminders"] });
    await waitFor(async () => !(await open.admin.listTopics()).includes("reminders"), { what: "the topic to go" });
    expect((await run("topics")).code).toBe(0);
    const { topics } = await open.admin.fetchTopicMetadata({ topics: [...ownTopics] });
    expect(topics.map(({ partitions }) => partitions.length)).toEqual([3, 3, 3, 3]);
  });

  test("lag and groups: who is how far behind, and a group without members can be forgotten, one with members never", async () => {
    await send(
      open,
      "notifications",
      Array.from({ length: 9 }, (_, n) => ({ partition: n % 3, value: `${n}` })),
    );
    expect((await json("lag --topic notifications --group nobody")).answer.groups).toEqual([
      { group: "nobody", lag: 9 },
    ]);
    const consumer: Consumer = open.kafka.consumer({ groupId: "bc-one" });
    await consumer.connect();
    await consumer.subscribe({ topics: ["notifications"], fromBeginning: true });
    await consumer.run({ eachMessage: async () => undefined });
    const lagOf = async () => (await json("lag --group bc-one")).answer.groups[0]?.lag;
    await waitFor(async () => (await lagOf()) === 0, { what: "no lag" });
    expect((await json("groups")).answer.groups).toContainEqual(
      expect.objectContaining({
        group: "bc-one",
        state: "Stable",
        members: [expect.anything()],
        topics: ["notifications"],
      }),
    );
    expect(await run("groups delete bc-one --yes")).toMatchObject({
      code: 2,
      complaint: expect.stringContaining("has 1 member"),
    });
    expect((await json("groups delete --prefix bc- --yes")).answer).toEqual({ deleted: [], kept: ["bc-one"] });

    await consumer.disconnect();
    await send(open, "notifications", [{ partition: 0, value: "more" }]);
    expect(await run("lag --fail-above=0 --group bc-one")).toMatchObject({
      code: 1,
      output: expect.stringContaining("1 behind"),
    });
    expect(await run("groups delete bc-one")).toMatchObject({
      code: 2,
      complaint: expect.stringContaining("bc-one (1 behind); add --yes"),
    });
    expect(await run("groups delete bc-two --yes")).toMatchObject({
      code: 2,
      complaint: expect.stringContaining("there is no group bc-two"),
    });
    expect((await run("groups")).output).toContain("bc-one  Empty");
    expect(await run("groups delete --prefix bc- --yes")).toMatchObject({ code: 0, output: "deleted: bc-one\n" });
    expect((await run("groups")).output).not.toContain("bc-one");
  });

  test("dead letters: listed, shown, replayed and dropped by id or by what they have in common, and never without being sure", async () => {
    const failed = {
      tries: 8,
      first_failed_at: "2026-01-31T08:00:00.000Z",
      last_failed_at: "2026-01-31T08:00:30.000Z",
    };
    const letters = ["a", "b", "c", "d"].map((id, n) => ({
      key: id,
      partition: 0,
      value: encodeDeadLetter(id, {
        ...failed,
        group: n === 0 ? "audit" : "other",
        reason: n < 2 ? "title must be text" : "the database does not answer",
        original: Buffer.from(JSON.stringify({ id, type: "task.created.v1" })),
      }),
    }));
    await send(open, "task-events-dead", [...letters, { partition: 0, value: "garbage" }]);
    const found = async (options: string) => (await json(`dead list ${options}`)).answer.found;
    expect(await Promise.all(["", "--group audit", "--group unknown", "--topic reminders"].map(found))).toEqual([
      5, 1, 1, 0,
    ]);
    expect((await json("dead list --reason=must --limit=1")).answer).toMatchObject({
      found: 2,
      letters: [{ group: "audit" }],
    });
    const shown = await run("dead show task-events-dead:0:0");
    expect(shown.output).toContain('"type": "task.created.v1"');
    expect((await json("dead show task-events-dead:0:0")).answer).toMatchObject({
      key: "a",
      tries: 8,
      event: { id: "a" },
    });
    expect((await run("dead show task-events-dead:0:99")).code).toBe(1);

    for (const line of ["dead replay", "dead drop --yes", "dead drop x --yes", "dead replay --all --group audit"])
      expect((await run(line)).code).toBe(2);
    expect((await run("dead replay --group other")).complaint).toContain(
      "this would replay 3 events; look with --dry-run",
    );
    expect((await run("dead drop task-events-dead:0:0")).complaint).toContain("this would drop 1 event");
    expect((await run("dead replay --group other --dry-run")).output).toContain("3 events would be replayed");
    expect(await found("")).toBe(5);

    expect((await json("dead replay task-events-dead:0:0")).answer).toMatchObject({ ok: true, replayed: 1 });
    expect((await json("dead replay task-events-dead:0:0")).answer).toMatchObject({
      ok: false,
      absent: ["task-events-dead:0:0"],
    });
    expect((await json("dead drop --reason=must --yes")).answer).toMatchObject({ ok: true, dropped: 1 });
    expect((await json("dead replay --all --yes")).answer).toMatchObject({
      ok: false,
      replayed: 2,
      impossible: ["task-events-dead:0:4"],
    });
    expect((await run("dead drop --all --yes")).output).toBe("1 event dropped\n");
    expect((await run("dead list")).output).toBe("no dead letters\n");
  });

  test("brokers that are away are one line, within seconds", async () => {
    const { code, complaint } = await ops("lag", { RONDO_KAFKA_BROKERS: "127.0.0.1:1" });
    expect(code).toBe(1);
    expect(complaint).toMatch(/^rondo-ops: Kafka cannot be reached at 127\.0\.0\.1:1: .*ECONNREFUSED.*\n$/);
  });
});
