import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { startCollector } from "./collector.ts";
import { currentContext } from "./context.ts";
import { continueTrace, currentTraceparent, recordInTrace, setupTracing, span } from "./trace.ts";
import { parseTraceparent } from "./traceparent.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const incoming = `00-${traceId}-b7ad6b7169203331-01`;

describe("traceparent (W3C Trace Context)", () => {
  test("a right one is read, of a later version too", () => {
    const place = { trace_id: traceId, span_id: "b7ad6b7169203331", flags: 1 };
    expect(parseTraceparent(incoming)).toEqual(place);
    expect(parseTraceparent(`01-${traceId}-b7ad6b7169203331-01-more`)).toEqual(place);
    expect(parseTraceparent(incoming.replace(/01$/, "02"))).toEqual({ ...place, flags: 0 });
  });

  test("anything else is none", () => {
    const zero = (digits: number) => "0".repeat(digits);
    const wrong = [
      undefined,
      "",
      "x",
      incoming.toUpperCase(),
      `${incoming}-more`,
      `ff${incoming.slice(2)}`,
      `00-${zero(32)}-b7ad6b7169203331-01`,
      `00-${traceId}-${zero(16)}-01`,
      ` ${incoming}`,
    ];
    for (const header of wrong) expect(parseTraceparent(header)).toBeUndefined();
  });
});

describe("without a collector", () => {
  test("the incoming trace flows on unchanged, and a new one begins where there is none", async () => {
    await continueTrace(incoming, "consume", async () => {
      await Promise.resolve();
      span("inner", {}, () => expect(currentTraceparent()).toBe(incoming));
      expect(currentContext()).toEqual({ trace_id: traceId, span_id: "b7ad6b7169203331" });
    });
    const fresh = continueTrace("nonsense", "consume", () => currentTraceparent());
    expect(fresh).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(currentTraceparent()).toBeUndefined();
    expect(span("alone", {}, () => 7)).toBe(7);
  });
});

describe("with a collector", () => {
  let collector: ReturnType<typeof startCollector>;
  let tracing: ReturnType<typeof setupTracing>;
  beforeEach(() => {
    collector = startCollector();
    tracing = setupTracing({ endpoint: `${collector.url}/`, service: "rondo-test" });
  });
  afterEach(async () => {
    await tracing.shutdown();
    await collector.stop();
  });

  test("a trace from the click to the consumer arrives as linked spans, with attributes and errors", async () => {
    const stored = await continueTrace(
      incoming,
      "GET",
      async (request) => {
        request.rename("GET /tasks/:id");
        request.set({ "http.response.status_code": 200 });
        return span("outbox publish", { "messaging.system": "local" }, () => currentTraceparent(), "producer");
      },
      { kind: "server" },
    );
    const failing = continueTrace(stored, "consume task-events", () => Promise.reject(new TypeError("Buy milk")));
    await expect(failing).rejects.toThrow("Buy milk");
    expect(() =>
      span("root", {}, () => {
        throw new RangeError("no");
      }),
    ).toThrow("no");
    await tracing.shutdown();

    const spans = collector.spans();
    expect(collector.services()).toEqual(["rondo-test"]);
    const [publish, request, root, consume] = ["outbox publish", "GET /tasks/:id", "root", "consume task-events"].map(
      (name) => spans.find((one) => one.name === name),
    );
    expect(request).toMatchObject({ traceId, parentSpanId: "b7ad6b7169203331", kind: 2 });
    expect(publish).toMatchObject({ traceId, parentSpanId: request?.spanId, kind: 4 });
    expect(consume).toMatchObject({ traceId, parentSpanId: publish?.spanId, kind: 5, status: { code: 2 } });
    expect(request?.attributes).toContainEqual({ key: "http.response.status_code", value: { intValue: 200 } });
    expect(consume?.attributes).toContainEqual({ key: "error.type", value: { stringValue: "TypeError" } });
    expect(root?.parentSpanId).toBeUndefined();
    expect(JSON.stringify(spans)).not.toContain("Buy milk");
  });

  test("a trace that its maker does not record is not recorded here", async () => {
    const header = incoming.replace(/01$/, "00");
    expect(continueTrace(header, "quiet", () => currentTraceparent())).toMatch(
      new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`),
    );
    await tracing.shutdown();
    expect(collector.spans()).toEqual([]);
  });

  test("work that many events share is a span in the trace of each, failed or not", async () => {
    const how = { kind: "producer", attributes: { "messaging.destination.name": "task-events" } } as const;
    const other = incoming.replaceAll("0af7", "1af7");
    const work = Promise.reject(new TypeError("Buy milk"));
    for (const traceparent of [incoming, other]) recordInTrace(traceparent, "publish", work, how);
    recordInTrace(undefined, "publish", Promise.resolve(), how);
    await expect(work).rejects.toThrow("Buy milk");
    await tracing.shutdown();
    const spans = collector.spans();
    const [failed, own] = [spans.filter((one) => one.status.code === 2), spans.filter((one) => one.status.code === 0)];
    expect(failed.map((one) => [one.traceId, one.parentSpanId])).toEqual([
      [traceId, "b7ad6b7169203331"],
      [traceId.replace("0af7", "1af7"), "b7ad6b7169203331"],
    ]);
    expect(own.map((one) => one.parentSpanId)).toEqual([undefined]);
  });

  test("a collector that is away costs the caller nothing", async () => {
    await collector.stop();
    expect(await span("lonely", {}, () => Promise.resolve(1))).toBe(1);
    await tracing.shutdown();
  });
});
