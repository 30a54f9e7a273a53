import { afterAll, beforeAll, expect, test } from "bun:test";
import { type ExportedSpan, startCollector } from "@rondo/telemetry/collector";
import { type Site, startSite } from "./testing/site.ts";
import { hasHistory } from "./testing/smoke.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const click = "b7ad6b7169203331";

const collector = startCollector();
let site: Site;
beforeAll(async () => {
  site = await startSite({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: "rondo-traced" });
}, 60_000);
afterAll(async () => {
  await collector.stop();
});

test("a click on a page is one trace, through web, api, outbox and bus to the audit trail and the live signal", async () => {
  // By token, so that the session is still a stranger to web when the click comes.
  const authorization = `Bearer ${site.ada.token}`;
  const stream = await fetch(`${site.rondo.origin}/sync/events`, { headers: { authorization } });
  const signals = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  const headers = { traceparent: `00-${traceId}-${click}-01` };
  const answer = await site.ask(site.ada, "POST", "/tasks", {
    body: new URLSearchParams({ title: "Buy milk" }),
    headers,
  });
  expect(answer.status).toBe(303);
  await hasHistory(site.rondo.origin, site.ada);
  let heard = "";
  while (!heard.includes("task.created.v1")) heard += (await signals?.read())?.value ?? "";
  await signals?.cancel();
  // Its end sends what has not been sent yet.
  await site.close();

  const spans = collector.spans().filter((span) => span.traceId === traceId);
  const only = (name: string): ExportedSpan => {
    const [found, ...more] = spans.filter((span) => span.name === name);
    if (found === undefined || more.length > 0) throw new Error(`not one ${name} in ${spans.map((span) => span.name)}`);
    return found;
  };
  const [server, producer, consumer] = [2, 4, 5];
  const page = only("POST /tasks");
  const call = only("POST /api/v1/tasks");
  expect(page).toMatchObject({ parentSpanId: click, kind: server });
  expect(only("GET /api/auth/token")).toMatchObject({ parentSpanId: page.spanId, kind: server });
  expect(call).toMatchObject({ parentSpanId: page.spanId, kind: server });
  for (const name of ["publish task-events", "publish task-updates"])
    expect(only(name)).toMatchObject({ parentSpanId: call.spanId, kind: producer });
  for (const name of ["consume task.created.v1", "hear workspace.changed.v1"])
    expect(only(name)).toMatchObject({ parentSpanId: call.spanId, kind: consumer });
  expect(collector.services()).toEqual(["rondo-traced"]);
  expect(JSON.stringify(collector.spans())).not.toContain("Buy milk");
}, 60_000);
