import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { describeWith, spawnProgram, temporaryFolder, waitFor } from "@rondo/testing";
import { type AppWithSidecar, startAppWithSidecar, tokens } from "../fixtures/app_with_sidecar.ts";
import { isRunning } from "../fixtures/running.ts";
import { type Kafka, type SchedulerProcess, startKafka, startScheduler } from "./index.ts";

describeWith(["daprd", "scheduler", "kafka"], "the engine", () => {
  const folder = temporaryFolder("engine");
  const settings = { "auto.create.topics.enable": "true" };
  const startBroker = () => startKafka({ folder: join(folder, "kafka"), settings });
  const startJobs = () => startScheduler({ folder: join(folder, "scheduler") });
  let kafka: Kafka;
  let scheduler: SchedulerProcess;
  let api: AppWithSidecar;
  let audit: AppWithSidecar;

  beforeAll(async () => {
    [kafka, scheduler] = await Promise.all([startBroker(), startJobs()]);
    const secrets = join(folder, "secrets.json");
    await Bun.write(secrets, JSON.stringify({ DATABASE_URL: "postgres://secret" }));
    const surroundings = { folder, brokers: kafka.brokers, scheduler: scheduler.address, secrets };
    api = await startAppWithSidecar("api", surroundings);
    audit = await startAppWithSidecar("audit", surroundings);
  });
  afterAll(async () => {
    await Promise.all([api, audit].map((app) => app[Symbol.asyncDispose]()));
    await Promise.all([scheduler.stop(), kafka.stop()]);
  });

  const post = (body: string) => ({ method: "POST", body, headers: { "content-type": "application/json" } });
  const has = (app: AppWithSidecar, path: string, text: string) =>
    app.heard.find((one) => one.path === path && one.body.includes(text));
  const cameTo = (app: AppWithSidecar, text: string) => has(app, "/events/task-events", text);
  /** Kafka's and the sidecar's own retries may give up while the broker is away: whoever publishes goes on. */
  const publish = (text: string) =>
    waitFor(async () => (await api.ask("/v1.0/publish/events/task-events", post(JSON.stringify(text)))).ok, {
      what: "a publish",
    });
  const arrives = (text: string) => waitFor(() => cameTo(audit, text), { what: "an event" });

  test("a sidecar tells secrets to the program with its token only", async () => {
    const get = (token: string) => api.ask("/v1.0/secrets/secrets/bulk", { headers: { "dapr-api-token": token } });
    expect((await get("another")).status).toBe(401);
    expect(await (await get(tokens.dapr)).json()).toEqual({ DATABASE_URL: { DATABASE_URL: "postgres://secret" } });
  });

  test("a service calls another by its app-id", async () => {
    const answer = await api.ask("/v1.0/invoke/audit/method/hello", post("{}"));
    expect(await answer.text()).toBe("audit was called");
    expect(has(audit, "/hello", "{}")?.token).toBe(tokens.app);
  });

  test("a service publishes only to its own topics", async () => {
    expect((await audit.ask("/v1.0/publish/events/task-events", post("{}"))).status).toBe(403);
    expect((await audit.ask("/v1.0/publish/events/task-events-dead", post("{}"))).status).toBe(204);
  });

  test("what is published comes to the subscription as it is, with the app's token", async () => {
    await publish("not even an event");
    const { token } = await arrives("not even an event");
    expect(token).toBe(tokens.app);
  });

  test("a Kafka that was killed is started again where it was, with what it had", async () => {
    const { brokers } = kafka;
    await publish("before");
    await kafka.kill();
    kafka = await startBroker();
    expect(kafka.brokers).toBe(brokers);
    await publish("after");
    await arrives("after");
    await arrives("before");
  });

  test("a Kafka that hangs takes nothing, goes on when it is resumed, and can be stopped all the same", async () => {
    kafka.pause();
    expect((await api.ask("/v1.0/publish/events/task-events", post('"hung"'))).ok).toBeFalse();
    kafka.resume();
    await publish("resumed");
    await arrives("resumed");
    kafka.pause();
    await kafka.stop();
    expect(isRunning(kafka.pid)).toBeFalse();
    kafka = await startBroker();
  });

  test("a job survives the scheduler that took it", async () => {
    const { address } = scheduler;
    const job = { dueTime: new Date(Date.now() + 3_000).toISOString(), data: { of: "job" } };
    expect((await api.ask("/v1.0/jobs/bell", post(JSON.stringify(job)))).status).toBe(204);
    await scheduler.stop();
    scheduler = await startJobs();
    expect(scheduler.address).toBe(address);
    const { token } = await waitFor(() => has(api, "/job/bell", "of"), { what: "the job" });
    expect(token).toBe(tokens.app);
  });

  test("no process is left behind by a program that was killed", async () => {
    await using program = spawnProgram([
      process.execPath,
      join(import.meta.dir, "../fixtures/engine_alone.ts"),
      temporaryFolder("alone"),
    ]);
    const [, pids = ""] = await program.line(/pids: (.*)/);
    const all = pids.split(" ").map(Number);
    expect(all.filter(isRunning)).toHaveLength(3);
    program.kill("SIGKILL");
    await waitFor(() => !all.some(isRunning), { what: "all to be gone" });
  });
});
