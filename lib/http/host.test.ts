import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { createMetrics } from "@rondo/telemetry";
import { adminApp } from "./admin_app.ts";
import { baseApp } from "./base_app.ts";
import { type Running, serve } from "./serve.ts";

const serviceToken = "the token of our own services";
const running: Running[] = [];
afterAll(() => Promise.all(running.map((server) => server.stop())));

function start(trustedProxies: readonly string[] = []): Running {
  const metrics = createMetrics();
  const trustedOrigin = ["http://rondo.test", "https://tasks.example.org:8443"];
  const app = baseApp({ service: "test", metrics, trustedOrigin, trustedProxies, serviceToken });
  app.get("/cookie", (c) => c.text(c.req.header("cookie") ?? "none"));
  const server = serve({ app, host: "127.0.0.1", port: 0, adminPort: 0, adminApp: adminApp({ ready: {}, metrics }) });
  running.push(server);
  return server;
}
const open = start();
const behindProxy = start(["127.0.0.1"]);

/** The whole answer to exactly these lines. */
function send(port: number, ...lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`));
    socket.setEncoding("utf8");
    socket.on("data", (text) => {
      answer += text;
    });
    socket.on("close", () => resolve(answer)).on("error", reject);
  });
}

describe("a request that does not say for which host it is gets 400, as a problem:", () => {
  const wrong: readonly [string, readonly string[]][] = [
    ["no Host", []],
    ["an empty one", ["Host:"]],
    ["two", ["Host: rondo.test", "Host: rondo.test"]],
    ["a path", ["Host: rondo.test/evil"]],
    ["a user", ["Host: rondo.test@evil.test"]],
    ["spaces", ["Host: a b"]],
    ["what is no port", ["Host: rondo.test:port"]],
    ["a port above all", ["Host: rondo.test:99999"]],
    ["brackets without an address", ["Host: [x]"]],
  ];
  test.each(wrong)("%s", async (_, headers) => {
    const answer = await send(open.port, "GET /cookie HTTP/1.1", ...headers);
    expect(answer).toStartWith("HTTP/1.1 400 ");
    expect(answer).not.toContain("Bun");
    expect(answer).not.toContain("<html");
  });

  test("and says why", async () => {
    const answer = await send(open.port, "GET /cookie HTTP/1.0");
    expect(answer).toContain("application/problem+json");
    expect(answer).toContain("Host header");
  });
});

test("probes without a Host are answered on the admin port", async () => {
  for (const path of ["/healthz", "/readyz", "/metrics"]) {
    expect(await send(open.adminPort, `GET ${path} HTTP/1.0`)).toMatch(/^HTTP\/1\.[01] 200 /);
  }
  expect(await send(open.adminPort, "GET /other HTTP/1.0")).toMatch(/^HTTP\/1\.[01] 404 /);
});

describe("a cookie counts", () => {
  const ask = async (port: number, host: string, headers: Record<string, string> = {}) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const answer = await send(port, "GET /cookie HTTP/1.1", `Host: ${host}`, "Cookie: a=1", ...lines);
    return answer.slice(answer.indexOf("\r\n\r\n") + 4);
  };
  test.each(["rondo.test", "RONDO.test:80", "tasks.example.org:8443"])("under the name %s", async (host) => {
    expect(await ask(open.port, host)).toBe("a=1");
  });
  test.each(["evil.test", "rondo.test:81", "rondo.test.evil.test", "127.0.0.1", "tasks.example.org"])(
    "for nothing under the name %s",
    async (host) => expect(await ask(open.port, host)).toBe("none"),
  );
  test("under any name that a known proxy, or one of our services, uses", async () => {
    expect(await ask(behindProxy.port, "api:3001")).toBe("a=1");
    expect(await ask(open.port, "api:3001", { "Rondo-Service-Token": serviceToken })).toBe("a=1");
  });
});
