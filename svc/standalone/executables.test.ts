import { beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { choose } from "@rondo/scripts/build";
import { builtExecutables } from "@rondo/scripts/executables";
import { emptyFolder, type Program, signUp, spawnProgram, testServer, waitFor } from "@rondo/testing";
import { freePort } from "./free_port.ts";
import { expectStatus, hasHistory, smoke } from "./testing/smoke.ts";

let folder = "";
beforeAll(async () => {
  folder = await builtExecutables();
});

test("each executable runs in an empty folder, and the standalone one keeps what it was told", async () => {
  const said: string[] = [];
  await smoke(folder, (line) => said.push(line));
  expect(said).toHaveLength(choose([]).length + 1);
});

test("the services apart, each its own executable, are the same Rondo: a page, a task, its history and its signal", async () => {
  const { url } = await testServer();
  const ports = await Promise.all(["api", "audit", "web", "sync"].map(() => freePort("127.0.0.1")));
  const [api, audit, web, sync] = ports.map((port) => `http://127.0.0.1:${port}`);
  const origin = "http://localhost:3000";
  const shared = {
    DATABASE_URL: url,
    RONDO_ORIGIN: origin,
    RONDO_AUTH_SECRET: "a secret of at least thirty-two characters",
    RONDO_API_URL: api,
    RONDO_AUDIT_URL: audit,
    RONDO_SERVICE_TOKEN: "what the services show each other, 32 or more",
    RONDO_LOG_LEVEL: "warning",
    RONDO_ADMIN_PORT: "0",
    RONDO_TRUSTED_PROXIES: "127.0.0.1",
  };
  const start = async (name: string, port: number | undefined, names: readonly string[]): Promise<Program> => {
    const env = Object.fromEntries(Object.entries(shared).filter(([key]) => names.includes(key)));
    const program = spawnProgram([join(folder, name)], {
      cwd: emptyFolder(),
      env: { ...env, RONDO_PORT: String(port) },
    });
    await waitFor(() => fetch(`http://127.0.0.1:${port}/`), {
      what: () => `${name}: ${program.output()}`,
    });
    return program;
  };
  const common = [
    "RONDO_ORIGIN",
    "RONDO_LOG_LEVEL",
    "RONDO_ADMIN_PORT",
    "RONDO_TRUSTED_PROXIES",
    "RONDO_SERVICE_TOKEN",
  ];
  await using _api = await start("api", ports[0], [...common, "DATABASE_URL", "RONDO_AUTH_SECRET"]);
  await using _audit = await start("audit", ports[1], [...common, "DATABASE_URL", "RONDO_API_URL"]);
  await using _web = await start("web", ports[2], [...common, "RONDO_API_URL", "RONDO_AUDIT_URL"]);
  await using _sync = await start("sync", ports[3], [...common, "DATABASE_URL", "RONDO_API_URL"]);

  const person = await signUp(api ?? "", "Ada", origin);
  const authorization = `Bearer ${person.token}`;
  const stream = await fetch(`${sync}/sync/events`, { headers: { cookie: person.cookie } });
  const signals = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  await expectStatus(201, `${api}/api/v1/tasks`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ title: "Buy milk" }),
  });
  expect(await expectStatus(200, `${web}/inbox`, { headers: { cookie: person.cookie } })).toContain("Buy milk");
  await hasHistory(audit ?? "", person);
  let heard = "";
  while (!heard.includes("task.created.v1")) heard += (await signals?.read())?.value ?? "";
  await signals?.cancel();

  // All of them were told that a proxy stands before them: they believe its request ids, and sign-in counts for its clients.
  for (const at of [api, audit, web, sync]) {
    const answer = await fetch(`${at}/`, { headers: { "x-request-id": "from-proxy" } });
    expect(answer.headers.get("x-request-id")).toBe("from-proxy");
  }
  const signIn = async (client: string) => {
    const body = new URLSearchParams({ email: "nobody@example.org", password: "not this one" });
    const headers = { origin, "x-forwarded-for": client };
    return (await fetch(`${web}/sign-in`, { method: "POST", redirect: "manual", headers, body })).status;
  };
  for (let number = 0; number < 10; number++) expect(await signIn("203.0.113.1")).toBe(401);
  expect(await signIn("203.0.113.1")).toBe(429);
  expect(await signIn("203.0.113.2")).toBe(401);

  for (const program of [_web, _sync, _audit, _api]) {
    program.kill("SIGTERM");
    await program.expectExit(0);
  }
});
