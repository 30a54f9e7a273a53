import { afterAll, expect, test } from "bun:test";
import { createMetrics, currentContext } from "@rondo/telemetry";
import { adminApp } from "./admin_app.ts";
import { baseApp } from "./base_app.ts";
import { type Running, serve } from "./serve.ts";

const trace = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${trace}-b7ad6b7169203331-01`;
const serviceToken = "the token of our own services";
const running: Running[] = [];
afterAll(() => Promise.all(running.map((server) => server.stop())));

function start(trustedProxies: readonly string[] = []) {
  const metrics = createMetrics();
  const app = baseApp({ service: "test", metrics, trustedOrigin: "http://x", trustedProxies, serviceToken });
  app.get("/trace", (c) => c.text(currentContext().trace_id ?? "none"));
  const server = serve({ app, host: "127.0.0.1", port: 0, adminPort: 0, adminApp: adminApp({ ready: {}, metrics }) });
  running.push(server);
  return { app, url: `${server.url}/trace` };
}

test("a stranger's traceparent starts a trace of its own", async () => {
  const { url } = start();
  const answer = await (await fetch(url, { headers: { traceparent } })).text();
  expect(answer).toMatch(/^[0-9a-f]{32}$/);
  expect(answer).not.toBe(trace);
});

test("the trace of a known proxy, of our own services and of this process goes on", async () => {
  const { app, url } = start();
  const headers = { traceparent };
  const ours = fetch(url, { headers: { ...headers, "rondo-service-token": serviceToken } });
  const answers = await Promise.all([
    fetch(start(["127.0.0.1"]).url, { headers }),
    ours,
    app.request("/trace", { headers }),
  ]);
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual([trace, trace, trace]);
});
