import { afterAll, beforeAll, expect, test } from "bun:test";
import { describeWith, type Person, signUp, temporaryFolder, waitFor } from "@rondo/testing";
import {
  type Cluster,
  type Member,
  origin,
  type ServiceName,
  services,
  startCluster,
  tokens,
} from "@rondo/testing/cluster";
import { buildDeployable, choose } from "@rondo/toolchain/build";
import { expectStatus, hasHistory } from "./testing/smoke.ts";

describeWith(["daprd", "sentry", "scheduler", "kafka"], "the services, each its executable beside its sidecar", () => {
  let cluster: Cluster;
  let ada: Person;
  const members = {} as Record<ServiceName, Member>;
  beforeAll(async () => {
    const folder = temporaryFolder("cluster-executables");
    for (const deployable of choose([...services])) await buildDeployable(deployable, folder);
    cluster = await startCluster(folder);
    // One of them before its sidecar: it waits for its secrets.
    const started = services.map(async (name) => {
      members[name] = await cluster.start(name, name === "audit" ? "program" : "sidecar");
    });
    await Promise.all(started);
    ada = await signUp(members.api.url, "Ada", origin);
  }, 180_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 60_000);

  const json = { "content-type": "application/json" };
  const create = async (title: string): Promise<void> => {
    const headers = { ...json, authorization: `Bearer ${ada.token}` };
    const body = JSON.stringify({ title });
    await expectStatus(201, `${members.api.url}/api/v1/tasks`, { method: "POST", headers, body });
  };
  const trail = async (): Promise<readonly string[]> => {
    const headers = { authorization: `Bearer ${ada.token}` };
    const titles: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query = new URLSearchParams({ limit: "200", ...(cursor && { cursor }) });
      const text = await expectStatus(200, `${members.audit.url}/api/v1/audit?${query}`, { headers });
      const page = JSON.parse(text) as { items: { changes: { title?: [null, string] } }[]; next_cursor: string | null };
      titles.push(...page.items.flatMap(({ changes }) => (changes.title ? [changes.title[1]] : [])));
      cursor = page.next_cursor;
    }
    return titles;
  };

  test("a task comes from the api to the page, the trail and the open window", async () => {
    const { sync, web, audit } = members;
    const stream = await fetch(`${sync.url}/sync/events`, { headers: { cookie: ada.cookie } });
    const signals = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await create("Buy milk");
    expect(await expectStatus(200, `${web.url}/inbox`, { headers: { cookie: ada.cookie } })).toContain("Buy milk");
    let heard = "";
    while (!heard.includes("task.created.v1")) heard += (await signals?.read())?.value ?? "";
    await signals?.cancel();
    await hasHistory(audit.url, ada);
  }, 30_000);

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
    const body = JSON.stringify({ entries: [] });
    const answer = await fetch(`${members.audit.url}/events/task-events`, { method: "POST", headers: shown, body });
    expect(answer.status).not.toBe(401);
  });

  test("no event is lost when a consumer and its sidecar end and start again under it, in any order", async () => {
    const { audit } = members;
    const titles: string[] = [];
    let writing = true;
    const writer = (async () => {
      while (writing) {
        const title = `task ${titles.length}`;
        await create(title);
        titles.push(title);
      }
    })();
    const some = (count: number) => waitFor(() => titles.length >= count, { what: "writes", deadlineMs: 20_000 });
    await some(50);
    audit.program.kill("SIGTERM");
    await audit.program.expectExit(0);
    await some(100);
    await audit.startProgram();
    await audit.sidecar.stop();
    await some(150);
    await audit.startSidecar();
    audit.program.kill("SIGTERM");
    await Promise.all([audit.sidecar.stop(), audit.program.expectExit(0)]);
    await Promise.all([audit.startSidecar(), audit.startProgram()]);
    await some(200);
    writing = false;
    await writer;
    const missing = async () => {
      const there = await trail();
      return titles.filter((title) => !there.includes(title));
    };
    await waitFor(async () => (await missing()).length === 0, {
      what: "the whole trail",
      deadlineMs: 60_000,
      everyMs: 200,
    });
    const there = (await trail()).filter((title) => title.startsWith("task "));
    expect(there).toHaveLength(titles.length);
  }, 150_000);

  test("each ends with 0 when it is told to", async () => {
    for (const name of ["web", "sync", "audit", "api"] as const) {
      const { program } = members[name];
      program.kill("SIGTERM");
      await program.expectExit(0);
    }
  }, 60_000);
});
