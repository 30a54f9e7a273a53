import { afterAll, beforeAll, expect, test } from "bun:test";
import { startCollector } from "@rondo/telemetry/collector";
import { clickedSpans, clickOnce } from "./testing/click.ts";
import { type Site, startSite } from "./testing/site.ts";

const collector = startCollector();
let site: Site;
beforeAll(async () => {
  site = await startSite({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_SERVICE_NAME: "rondo-traced",
    RONDO_TRUSTED_PROXIES: "127.0.0.1",
  });
});
afterAll(async () => {
  await collector.stop();
});

test("a click on a page is one trace, through web, api, outbox and bus to the audit trail and the live signal", async () => {
  await clickOnce(site.rondo.origin, site.ada);
  // Its end sends what has not been sent yet.
  await site.close();

  const { page, call, token, strange } = clickedSpans(collector);
  expect(strange).toEqual([]);
  for (const span of [call, token]) expect(span.parentSpanId).toBe(page.spanId);
  expect(collector.services()).toEqual(["rondo-traced"]);
  expect(JSON.stringify(collector.spans())).not.toContain("Buy milk");
});
