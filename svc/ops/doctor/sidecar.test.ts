import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { type SchedulerProcess, startScheduler, startSidecar, writeResources } from "@rondo/scripts/engine";
import { describeWith, temporaryFolder, testKafka, waitFor } from "@rondo/testing";
import { openKafka } from "../kafka/connect.ts";
import { createTopics } from "../kafka/topics.ts";
import { wantedTopics } from "../topics/plan.ts";
import type { Finding } from "./finding.ts";
import { checkSidecar } from "./sidecar.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const states = (findings: readonly Finding[]) => findings.map(({ check, state }) => `${state} ${check}`);
const last = (findings: readonly Finding[]) => findings[findings.length - 1];

/** A sidecar that is healthy and tells of itself what it is told to. */
function sidecarThat(metadata: (request: Request) => Response | Promise<Response>, health = 204): string {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    routes: {
      "/v1.0/healthz": () => Response.json({ message: "dapr is not ready: [a\nb]" }, { status: health }),
      "/v1.0/metadata": metadata,
    },
  });
  closers.push(() => server.stop(true));
  return server.url.href;
}
const ofWeb = { id: "web", runtimeVersion: "1.18.2", components: [{ name: "secrets", type: "a" }] };

test("a sidecar is asked with its token, and one that is unwell still tells of itself", async () => {
  const shown: (string | null)[] = [];
  const answer = ({ headers }: Request) => {
    shown.push(headers.get("dapr-api-token"));
    return Response.json(ofWeb);
  };
  const found = await checkSidecar({ url: sidecarThat(answer, 500), token: "secret" });
  expect(found[0]).toMatchObject({ state: "fail", says: "it answers 500: dapr is not ready: [a b]" });
  expect(states(found).slice(1)).toEqual([
    "ok sidecar app-id",
    "ok sidecar version",
    "ok sidecar components",
    "ok sidecar subscriptions",
  ]);
  await checkSidecar({ url: sidecarThat(answer) });
  expect(shown).toEqual(["secret", null]);
});

test.each([
  ["a page", () => new Response("<html>"), "it tells of itself what no daprd does"],
  ["nothing", () => new Response(null, { status: 204 }), "it tells of itself what no daprd does"],
  ["other things", () => Response.json({ id: 7 }), "id must be a string (was a number)"],
  ["null", () => Response.json(null), "it tells of itself what no daprd does"],
  ["a failure", () => new Response("no\nway", { status: 500 }), "it answers 500: no way"],
])("one that tells %s of itself is a failure, with a line that says so", async (_, answer, says) => {
  const found = await checkSidecar({ url: sidecarThat(answer) });
  expect(states(found)).toEqual(["ok sidecar", "fail sidecar metadata"]);
  expect(last(found)?.says).toContain(says);
});

test("one that refuses the token is told from one that is broken, and asked once", async () => {
  let asked = 0;
  const answer = () => {
    asked += 1;
    return new Response("invalid api token", { status: 401 });
  };
  expect(last(await checkSidecar({ url: sidecarThat(answer) }))).toEqual({
    check: "sidecar metadata",
    state: "fail",
    says: "it answers 401: invalid api token",
    advice: "set DAPR_API_TOKEN to the sidecar's",
  });
  expect(asked).toBe(1);
});

test("nobody there is one finding; silence ends at the deadline, wherever it begins", async () => {
  const never = new Promise<Response>(() => undefined);
  expect(await checkSidecar({ url: "http://127.0.0.1:1" })).toMatchObject([
    { check: "sidecar", state: "fail", says: expect.stringContaining("cannot be reached") },
  ]);
  const found = await checkSidecar({ url: sidecarThat(() => never), timeoutMs: 100 });
  expect(states(found)).toEqual(["ok sidecar", "fail sidecar metadata"]);
  expect(last(found)?.says).toBe("it did not tell of itself within 100 ms");
});

describeWith(["daprd", "scheduler", "kafka"], "a real sidecar", () => {
  let scheduler: SchedulerProcess;
  let brokers: string;
  beforeAll(async () => {
    ({ brokers } = await testKafka());
    const open = await openKafka({ brokers: [brokers], auth: "none", tls: false });
    await createTopics(open.admin, wantedTopics, undefined);
    await open.close();
    scheduler = await startScheduler({ folder: temporaryFolder("doctor-scheduler") });
  });
  afterAll(async () => await scheduler?.stop());

  const beside = async (appId: string, more: Readonly<Record<string, string>> = {}) => {
    const folder = temporaryFolder("doctor-sidecar");
    const app = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(null) });
    closers.push(() => app.stop(true));
    const sidecar = await startSidecar({
      appId,
      appPort: app.port ?? 0,
      resources: writeResources(join(folder, "resources"), more),
      brokers,
      scheduler: scheduler.address,
      tokens: { dapr: "a token for the sidecar", app: "a token for the app" },
      folder,
    });
    closers.push(sidecar.kill);
    return { ...sidecar, asked: { url: sidecar.url, token: "a token for the sidecar" } };
  };

  test.each(["api", "audit", "web", "sync"])(
    "with the resources of a deployment that of %s is well",
    async (appId) => {
      const { asked } = await beside(appId);
      const well = async () => (await checkSidecar(asked)).every(({ state }) => state === "ok");
      await waitFor(well, { what: "a healthy sidecar" });
      expect((await checkSidecar(asked)).find(({ check }) => check === "sidecar app-id")?.says).toBe(appId);
    },
    20_000,
  );

  test("wants its token, tells what its subscription lacks, and may hang", async () => {
    const subscription = {
      apiVersion: "dapr.io/v2alpha1",
      kind: "Subscription",
      metadata: { name: "audit-task-events" },
      spec: { pubsubname: "events", topic: "task-events", routes: { default: "/elsewhere" }, deadLetterTopic: "dead" },
      scopes: ["audit"],
    };
    const { asked, pause } = await beside("audit", { "audit_task_events.yaml": JSON.stringify(subscription) });
    const found = await checkSidecar(asked);
    const said = found
      .filter(({ check }) => check === "sidecar subscriptions")
      .map(({ state, says }) => `${state} ${says}`);
    expect(said).toEqual([
      "fail task-events goes to /elsewhere, not to /events/task-events",
      "fail task-events is without rawPayload: a malformed event can end the sidecar",
      "fail task-events gives events up to dead: their reason and tries are lost",
    ]);
    expect(last(await checkSidecar({ url: asked.url }))?.advice).toBe("set DAPR_API_TOKEN to the sidecar's");
    pause();
    // One of its threads may still answer a moment after it was told to stop.
    const hanging = async () => {
      const found = await checkSidecar({ ...asked, timeoutMs: 200 });
      return found[0]?.state === "fail" ? found : undefined;
    };
    expect(await waitFor(hanging, { what: "the sidecar to hang" })).toMatchObject([
      { check: "sidecar", state: "fail", says: expect.stringContaining("did not answer within 200 ms") },
    ]);
  });
});
