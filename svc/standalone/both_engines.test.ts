import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { freePort } from "@rondo/scripts/engine";
import { builtExecutables } from "@rondo/scripts/executables";
import { startCollector } from "@rondo/telemetry/collector";
import { describeWith, emptyFolder, signUp, spawnProgram, startRondo, temporaryFolder, waitFor } from "@rondo/testing";
import { startBrowser, type TestBrowser } from "@rondo/testing/browser";
import { startLocalCluster } from "@rondo/testing/local_cluster";
import { type ClusterSite, startClusterSite } from "@rondo/testing/site";
import { newcomersStory } from "@rondo/web/e2e";
import { clickedSpans, clickOnce, traceId } from "./testing/click.ts";
import { createTask } from "./testing/load.ts";
import { expectExports } from "./testing/metrics.ts";
import { hasHistory } from "./testing/smoke.ts";

const services = ["api", "audit", "web", "sync"] as const;
const metricsAt = async (admin: string) => (await fetch(`${admin}/metrics`)).text();

const story = "a newcomer's whole story happens, in two windows, in the history, and in the bin";

describeWith("chromium", "the standalone executable, with nothing beside it,", (chromium) => {
  test(story, async () => {
    const executable = join(await builtExecutables(["standalone"]), "standalone");
    const dataDir = temporaryFolder("story");
    await using rondo = await startRondo({ executable, cwd: emptyFolder(), dataDir });
    const browser = await startBrowser(chromium);
    await newcomersStory(browser, { url: rondo.origin });
    await browser.close();
    rondo.program.kill("SIGTERM");
    await rondo.program.expectExit(0);
  });
});

test("the four executables without sidecars export the documented metrics", async () => {
  await using cluster = await startLocalCluster(await builtExecutables(services));
  const texts = await Promise.all(
    services.map(async (name) => [name, await metricsAt((await cluster.start(name)).admin)]),
  );
  await expectExports("on PostgreSQL", Object.fromEntries(texts));
});

const engines = ["chromium", "daprd", "sentry", "scheduler", "kafka"] as const;
describeWith(engines, "the four executables, each beside its sidecar on Kafka and with nothing else,", (chromium) => {
  const collector = startCollector();
  let site: ClusterSite;
  let browser: TestBrowser;
  beforeAll(async () => {
    const executables = await builtExecutables([...services, "ops"]);
    [site, browser] = await Promise.all([
      startClusterSite(executables, { traces: collector.url }),
      startBrowser(chromium),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
    await collector.stop();
  });

  test(story, () => newcomersStory(browser, site));

  test("a click on a page is one trace, through web, sidecars, api, outbox, Kafka to the audit trail and the live signal", async () => {
    await clickOnce(site.url, await signUp(site.url));
    // Batches are sent every few seconds.
    const all = () => clickedSpans(collector);
    await waitFor(() => all().strange.length === 0, { what: "every span of the click" });
    const { call, token } = all();
    // Between the page and what it calls lie the two sidecars, and the trace knows them.
    for (const { parentSpanId = "" } of [call, token]) {
      await waitFor(() => collector.heardOf(traceId, parentSpanId), { what: "the sidecar's span" });
    }
    expect(collector.services().sort()).toEqual(["api", "audit", "sync", "web"]);
    expect(JSON.stringify(collector.spans())).not.toContain("Buy milk");
  });

  test("the metrics have their names here, too: the lag from rondo-ops, depth and age of the outbox from the api", async () => {
    const { members, cluster } = site;
    const person = await signUp(site.url);
    await createTask(members.api, person, "Buy milk");
    await hasHistory(site.url, person);
    const texts = Object.fromEntries(
      await Promise.all(services.map(async (name) => [name, await metricsAt(members[name].admin)])),
    );
    const admin = `http://127.0.0.1:${freePort()}`;
    const options = [`--listen=${new URL(admin).host}`, `--brokers=${cluster.kafka.current.brokers}`];
    const ops = join(await builtExecutables(["ops"]), "ops");
    await using _exporter = spawnProgram([ops, "metrics", ...options], { cwd: emptyFolder() });
    const caughtUp = 'rondo_bus_lag{topic="task-events",group="audit"} 0';
    const lagging = { what: "the exporter, and no lag" };
    await waitFor(async () => (await metricsAt(admin)).includes(caughtUp), lagging);
    await expectExports("on Kafka", { ...texts, "rondo-ops metrics": await metricsAt(admin) });
    expect(texts.api).toContain('rondo_outbox_depth{schema="api"} 0');
    expect(texts.api).toContain('rondo_outbox_oldest_seconds{schema="api"} 0');
    expect(texts.audit).toContain('rondo_bus_deliveries_total{topic="task-events",group="audit",outcome="done"}');
  });
});
