import { afterAll, beforeAll, expect, test } from "bun:test";
import { taskEvent } from "@rondo/event/testing";
import { appendEvents } from "@rondo/outbox";
import { createTestDatabase, describeWith, type TestDatabase, waitFor } from "@rondo/testing";
import type { Consumer } from "kafkajs";
import type { OpenKafka } from "../kafka/connect.ts";
import { openTestKafka, ops, send, testBrokers } from "../kafka.fixture.ts";
import { wantedTopics } from "../topics/plan.ts";
import type { Finding } from "./finding.ts";

describeWith("kafka", "the doctor", () => {
  let open: OpenKafka;
  let database: TestDatabase;
  let environment: Record<string, string>;
  const consumers: Consumer[] = [];
  beforeAll(async () => {
    open = await openTestKafka();
    database = await createTestDatabase();
    environment = { RONDO_KAFKA_BROKERS: await testBrokers(), DATABASE_URL: database.url };
  });
  afterAll(async () => {
    for (const consumer of consumers) await consumer.disconnect();
    await open.close();
    await database.close();
  });

  const consult = async (more: Record<string, string> = {}) => {
    const { code, output, complaint } = await ops("doctor --json", { ...environment, ...more });
    expect(complaint).toBe("");
    const { ok, findings }: { ok: boolean; findings: Finding[] } = JSON.parse(output);
    expect(ok).toBe(code === 0);
    for (const { state, advice } of findings) expect(advice === undefined).toBe(state === "ok");
    const found = new Map(findings.map((finding) => [finding.check, finding]));
    return { code, find: (check: string) => found.get(check) };
  };
  const consume = async (groupId: string, topic: string) => {
    const consumer = open.kafka.consumer({ groupId });
    consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ eachMessage: async () => undefined });
  };

  const ownTopicName = (name: string) => wantedTopics.some((topic) => topic.name === name);

  test("a bare database is told to migrate; then all of it is well, down to the clock", async () => {
    expect((await consult()).find("schema api")).toMatchObject({ state: "fail", advice: "rondo-ops migrate" });
    await open.admin.deleteTopics({ topics: (await open.admin.listTopics()).filter(ownTopicName) });
    expect((await consult()).find("topics")).toMatchObject({ state: "fail", advice: "rondo-ops topics" });
    await ops("migrate", environment);
    await ops("topics", environment);
    const { code, find } = await consult();
    expect(find("schema api")?.state).toBe("ok");
    expect(find("schema audit")?.state).toBe("ok");
    expect(find("postgresql")?.says).toMatch(/^PostgreSQL \d+/);
    expect(find("clock")?.state).toBe("ok");
    expect(find("kafka")?.says).toBe("1 broker");
    expect(find("topics")?.state).toBe("ok");
    expect(find("group audit")).toMatchObject({ state: "fail", says: expect.stringContaining("0 members") });
    expect(find("groups bc-*")?.state).toBe("warn");
    expect(code).toBe(1);
  });

  test("with its consumers a deployment is well, for people in words and without colours", async () => {
    await consume("audit", "task-events");
    await consume("bc-sync-0", "task-updates");
    await waitFor(async () => (await consult()).code === 0, { what: "a healthy deployment" });
    const { output } = await ops("doctor", environment);
    expect(output).toContain("ok    groups bc-*");
    expect(output).toContain("1 process listens to task-updates");
    expect(output).not.toContain("\u001b");
    expect((await ops("doctor", environment, true)).output).toContain("\u001b[32mok");
  });

  test("dead letters, groups of processes that are gone, and events that wait or were refused are warned of", async () => {
    await send(open, "reminders-dead", [{ key: null, value: "garbage" }]);
    const gone = open.kafka.consumer({ groupId: "bc-gone" });
    await gone.connect();
    await gone.subscribe({ topics: ["task-updates"] });
    await gone.run({ eachMessage: async () => undefined });
    await waitFor(async () => (await open.admin.describeGroups(["bc-gone"])).groups[0]?.members.length === 1, {
      what: "the group",
    });
    await gone.commitOffsets([{ topic: "task-updates", partition: 0, offset: "0" }]);
    await gone.disconnect();
    await appendEvents(database.sql, "api", [taskEvent("task.created.v1")]);
    await database.sql`update api.outbox set created_at = created_at - interval '1 minute'`;
    const { find } = await consult();
    expect(find("dead letters")).toMatchObject({ state: "warn", says: "1 of reminders" });
    expect(find("dead groups")).toMatchObject({ state: "warn", says: "bc-gone" });
    expect(find("outbox api")).toMatchObject({ state: "warn", says: expect.stringContaining("1 event waiting") });
    await database.sql`update api.outbox set created_at = created_at - interval '1 hour'`;
    expect((await consult()).find("outbox api")?.state).toBe("fail");
    await database.sql`
      with gone as (delete from api.outbox returning *)
      insert into api.outbox_refused (id, event_id, key, type, payload, reason)
      select id, event_id, key, type, payload, 'too large' from gone`;
    expect((await consult()).find("outbox api")).toMatchObject({ state: "warn", says: "1 event refused" });
    await ops("dead drop --all --yes", environment);
    await ops("groups delete bc-gone --yes", environment);
  });

  test("what is away is one finding, and the others are found all the same", async () => {
    const { code, find } = await consult({
      DATABASE_URL: "postgres://rondo:hunter2@127.0.0.1:1/rondo",
      RONDO_SIDECAR_URL: "http://127.0.0.1:1",
    });
    expect(code).toBe(1);
    expect(find("postgresql")).toMatchObject({ state: "fail", says: expect.stringContaining("nothing listens there") });
    expect(find("sidecar")).toMatchObject({ state: "fail", says: expect.stringContaining("cannot be reached") });
    expect(find("kafka")?.state).toBe("ok");
    const other = await consult({ RONDO_KAFKA_BROKERS: "127.0.0.1:1" });
    expect(other.find("kafka")).toMatchObject({ state: "fail", says: expect.stringContaining("cannot be reached") });
    expect(other.find("postgresql")?.state).toBe("ok");
  });
});
