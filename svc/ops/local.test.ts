import { afterEach, beforeEach, expect, test } from "bun:test";
import { createLocalBus, done } from "@rondo/bus";
import { taskEvent } from "@rondo/event/testing";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, startRondo, type TestDatabase, temporaryFolder, waitFor } from "@rondo/testing";
import type { Finding } from "./doctor/finding.ts";
import { ops } from "./kafka.fixture.ts";
import { migrationSets } from "./migrate/sets.ts";

let database: TestDatabase;
const run = (line: string) => ops(line, { DATABASE_URL: database.url });
const json = async (line: string) => {
  const { code, output, complaint } = await run(`${line} --json`);
  return { code, complaint, answer: output === "" ? undefined : JSON.parse(output) };
};

beforeEach(async () => {
  database = await createTestDatabase({ schemas: await migrationSets() });
});
afterEach(() => database.close());

/** A group that works, and what it was given. */
async function consume(group: string) {
  const heard: string[] = [];
  const bus = createLocalBus({ db: database.db, metrics: createMetrics(), pollMs: 20 });
  bus.subscribe({
    topic: "task-events",
    group,
    types: ["*"],
    handle: async (deliveries) =>
      deliveries.map(({ event }) => {
        heard.push(event.id);
        return done;
      }),
  });
  await bus.start();
  return { heard, bus, [Symbol.asyncDispose]: () => bus.stop() };
}

async function die(group: string, reason: string, topic = "task-events"): Promise<string> {
  const event = taskEvent("task.created.v1");
  await database.sql`
    insert into bus.dead_letter
      (topic, consumer_group, partition, key, event, reason, tries, first_failed_at, last_failed_at)
    values (${topic}, ${group}, 0, 'key', ${JSON.stringify(event)}::text::jsonb, ${reason}, 8, now(), now())`;
  return event.id;
}

test("dead letters: listed, shown, replayed and dropped by id or by what they have in common, and never without being sure", async () => {
  const first = await die("audit", "title must be text");
  await die("other", "title must be text");
  await die("other", "the database does not answer");
  await die("other", "the database does not answer", "task-updates");
  const found = async (options: string) => (await json(`dead list ${options}`)).answer.found;
  expect(await Promise.all(["", "--group audit", "--topic task-updates", "--topic reminders"].map(found))).toEqual([
    4, 1, 1, 0,
  ]);
  expect((await json("dead list --reason=must --limit=1")).answer).toMatchObject({
    found: 2,
    letters: [{ id: "1", group: "audit", topic: "task-events", tries: 8 }],
  });
  expect((await run("dead show 1")).output).toContain('"type": "task.created.v1"');
  expect((await json("dead show 1")).answer).toMatchObject({ key: "key", event: { id: first } });
  expect((await run("dead show 99")).code).toBe(1);

  for (const line of ["dead replay", "dead drop --yes", "dead drop x --yes", "dead replay --all --group audit"])
    expect((await run(line)).code).toBe(2);
  expect((await run("dead replay --group other")).complaint).toContain(
    "this would replay 3 events; look with --dry-run",
  );
  expect((await run("dead drop 1")).complaint).toContain("this would drop 1 event");
  expect((await run("dead replay --group other --dry-run")).output).toContain("3 events would be replayed");
  expect(await found("")).toBe(4);

  await using audit = await consume("audit");
  await using other = await consume("other");
  expect((await json("dead replay 1")).answer).toMatchObject({ ok: true, replayed: 1 });
  await waitFor(() => audit.heard.length === 1, { what: "the replayed event" });
  expect({ audit: audit.heard, other: other.heard }).toEqual({ audit: [first], other: [] });
  expect((await json("dead replay 1")).answer).toMatchObject({ ok: false, absent: ["1"] });
  expect((await json("dead drop --reason=must --yes")).answer).toMatchObject({ ok: true, dropped: 1 });
  expect((await run("dead drop --all --yes")).output).toBe("2 events dropped\n");
  expect((await run("dead list")).output).toBe("no dead letters\n");
});

test("lag and groups: who is how far behind, and a group without members can be forgotten, one with members never", async () => {
  const events = [taskEvent("task.created.v1"), taskEvent("task.created.v1")];
  {
    await using audit = await consume("audit");
    await audit.bus.publish("task-events", events);
    await waitFor(() => audit.heard.length === 2, { what: "the events" });
    await waitFor(async () => (await json("lag --group audit")).answer.groups[0]?.lag === 0, { what: "no lag" });
    const { groups } = (await json("groups")).answer;
    expect(groups).toEqual([
      {
        group: "audit",
        state: "Stable",
        members: [expect.objectContaining({ client: expect.any(String), host: expect.any(String) })],
        topics: ["task-events"],
        lag: 0,
      },
    ]);
    expect(await run("groups delete audit --yes")).toMatchObject({
      code: 2,
      complaint: expect.stringContaining("audit has 1 member"),
    });
    expect((await json("lag --topic task-events --group nobody")).answer.groups).toEqual([{ group: "nobody", lag: 2 }]);
    await audit.bus.stop();
    await audit.bus.publish("task-events", [taskEvent("task.created.v1")]);
  }
  expect(await run("lag --fail-above=0")).toMatchObject({ code: 1, output: expect.stringContaining("1 behind") });
  expect((await run("groups")).output).toContain("audit  Empty");
  expect((await run("groups delete audit")).complaint).toContain("audit (1 behind); add --yes");
  expect(await run("groups delete --prefix au --yes")).toMatchObject({ code: 0, output: "deleted: audit\n" });
  expect((await run("groups")).output).toBe("there are no consumer groups\n");
});

const finding = async (check: string): Promise<Finding | undefined> => {
  const { findings }: { findings: Finding[] } = (await json("doctor")).answer;
  return findings.find((one) => one.check === check);
};

test("the doctor says who consumes, warns of dead letters, and of a group that is a day behind", async () => {
  expect(await finding("events")).toMatchObject({ state: "ok" });
  expect(await finding("group audit")).toMatchObject({ state: "fail", says: expect.stringContaining("0 members") });
  {
    await using audit = await consume("audit");
    await waitFor(async () => (await finding("group audit"))?.state === "ok", { what: "a member" });
    await audit.bus.stop();
    await audit.bus.publish("task-events", [taskEvent("task.created.v1")]);
  }
  {
    await using other = await consume("other");
    await waitFor(async () => (await finding("group other"))?.state === "ok", { what: "the other group" });
    await other.bus.stop();
    await other.bus.publish("task-events", [taskEvent("task.created.v1")]);
  }
  await die("audit", "no use");
  expect(await finding("dead letters")).toMatchObject({ state: "warn", says: "1 of task-events" });
  expect((await finding("group other"))?.state).toBe("ok");
  await database.sql`update bus.event set published_at = published_at - interval '25 hours'`;
  expect(await finding("group other")).toMatchObject({
    state: "warn",
    says: expect.stringContaining("the oldest for more than a day"),
  });
});

test("what is Kafka's alone says so", async () => {
  for (const line of ["topics", "metrics"])
    expect(await run(line)).toMatchObject({
      code: 2,
      complaint: expect.stringContaining("RONDO_KAFKA_BROKERS is missing"),
    });
});

test("beside a running standalone the commands find its data folder, and without one they say so", async () => {
  const dataDir = temporaryFolder("ops-beside");
  const beside = (line: string) => ops(line, { RONDO_DATA_DIR: dataDir });
  expect(await beside("dead list")).toMatchObject({
    code: 1,
    complaint: expect.stringContaining(`No Rondo runs on the data folder ${dataDir}`),
  });
  await using rondo = await startRondo({ dataDir });
  for (const line of ["dead list", "lag", "groups", "outbox", "migrate --check"])
    expect(await beside(line)).toMatchObject({ code: 0, complaint: "" });
  await waitFor(async () => (await beside("doctor")).code === 0, { what: "a healthy Rondo" });
  rondo.program.kill("SIGTERM");
  await rondo.program.expectExit(0);
});
