import { afterAll, beforeAll, expect, test } from "bun:test";
import { builtExecutables } from "@rondo/scripts/executables";
import { describeWith, type Person, signUp, waitFor } from "@rondo/testing";
import {
  type Cluster,
  type Member,
  origin,
  type ServiceName,
  services,
  startCluster,
  tokens,
} from "@rondo/testing/cluster";
import { browsing, createTask, readTrail, startLoad } from "./testing/load.ts";
import { expectStatus, hasHistory } from "./testing/smoke.ts";

describeWith(["daprd", "sentry", "scheduler", "kafka"], "the services, each its executable beside its sidecar", () => {
  let cluster: Cluster;
  let ada: Person;
  const members = {} as Record<ServiceName, Member>;
  beforeAll(async () => {
    cluster = await startCluster(await builtExecutables(services));
    // One of them before its sidecar: it waits for its secrets.
    const started = services.map(async (name) => {
      members[name] = await cluster.start(name, name === "audit" ? "program" : "sidecar");
    });
    await Promise.all(started);
    ada = await signUp(members.api.url, "Ada", origin);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const json = { "content-type": "application/json" };
  const endProgram = async ({ program }: Member): Promise<void> => {
    program.kill("SIGTERM");
    await program.expectExit(0);
  };

  test("a task comes from the api to the page, the trail and the open window", async () => {
    const { sync, web, audit } = members;
    const stream = await fetch(`${sync.url}/sync/events`, { headers: { cookie: ada.cookie } });
    const signals = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await createTask(members.api, ada, "Buy milk");
    expect(await expectStatus(200, `${web.url}/inbox`, { headers: { cookie: ada.cookie } })).toContain("Buy milk");
    let heard = "";
    while (!heard.includes("task.created.v1")) {
      const chunk = (await signals?.read())?.value ?? "";
      heard += chunk;
      // A window that is open before events arrive is told to look again; it hears of everything from then on.
      if (chunk.includes("event: resync")) await createTask(members.api, ada, "Buy bread");
    }
    await signals?.cancel();
    await hasHistory(audit.url, ada);
  });

  test("who signs up on the page gets the api's cookie, and the api knows the browser's address", async () => {
    const form = { name: "Bob", email: "bob@example.org", password: "correct horse battery staple" };
    const answer = await fetch(`${members.web.url}/sign-up`, {
      method: "POST",
      headers: { origin, "x-forwarded-for": "192.0.2.7" },
      body: new URLSearchParams(form),
      redirect: "manual",
    });
    expect(answer.status).toBe(303);
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const sessions = await expectStatus(200, `${members.api.url}/api/auth/list-sessions`, { headers: { cookie } });
    expect(JSON.parse(sessions).items).toMatchObject([{ ip_address: "192.0.2.7" }]);
  });

  test("events and jobs without the sidecar's token are refused, with it they are taken", async () => {
    const routes = [
      `${members.api.url}/job/anything`,
      `${members.audit.url}/job/anything`,
      `${members.audit.url}/events/task-events`,
      `${members.sync.url}/events/task-updates`,
      `${members.web.url}/events/anything`,
    ];
    for (const url of routes) {
      for (const token of ["", tokens.dapr]) {
        await expectStatus(401, url, { method: "POST", headers: { ...json, "dapr-api-token": token }, body: "{}" });
      }
    }
    const shown = { ...json, "dapr-api-token": tokens.app };
    const body = JSON.stringify({ pubsubname: "events", entries: [] });
    const taken = await expectStatus(200, `${members.audit.url}/events/task-events`, {
      method: "POST",
      headers: shown,
      body,
    });
    expect(JSON.parse(taken)).toEqual({ statuses: [] });
  });

  test("no event is lost when a consumer and its sidecar end and start again under it, in any order", async () => {
    const { api, audit } = members;
    const load = startLoad(async (count) => {
      await createTask(api, ada, `task ${count}`);
      return `task ${count}`;
    });
    await load.more(50);
    await endProgram(audit);
    await load.more(50);
    await Promise.all([audit.startSidecar(), audit.startProgram()]);
    await audit.sidecar.stop();
    await load.more(50);
    await audit.startSidecar();
    await Promise.all([audit.sidecar.stop(), endProgram(audit)]);
    await Promise.all([audit.startSidecar(), audit.startProgram()]);
    await load.more(50);
    await load.end();
    const recorded = async () => (await readTrail(audit, ada)).filter((title) => title.startsWith("task "));
    const all = async () => new Set(await recorded()).size === load.done.length;
    await waitFor(all, { what: "the whole trail", everyMs: 200 });
    expect(await recorded()).toHaveLength(load.done.length);
  });

  test("no request fails when one of two replicas ends and starts again, the program or its sidecar first", async () => {
    const [one, other] = [members.api, await cluster.start("api", "sidecar", "api-2")];
    const { page, form } = browsing(members.web, ada);
    const load = startLoad(page, page, form, form);
    await load.more(20);
    for (const [replica, end] of [
      [one, () => endProgram(one)],
      [other, () => other.sidecar.stop().then(() => endProgram(other))],
      [one, () => Promise.all([one.sidecar.stop(), endProgram(one)])],
    ] as const) {
      await end();
      await load.more(20);
      await Promise.all([replica.startSidecar(), replica.startProgram()]);
      await load.more(20);
    }
    await load.end();
    expect(load.done.filter((status) => status !== 200 && status !== 303)).toEqual([]);
    await endProgram(other);
  });

  test("each ends with 0 when it is told to", async () => {
    for (const name of ["web", "sync", "audit", "api"] as const) await endProgram(members[name]);
  });
});
