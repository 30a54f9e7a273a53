import { afterAll, expect, test } from "bun:test";
import { waitFor } from "@rondo/testing";
import { Latency } from "./latency.ts";
import { holdStreams } from "./streams.ts";

const controllers = new Set<ReadableStreamDefaultController<string>>();
function greet(controller: ReadableStreamDefaultController<string>): void {
  controllers.add(controller);
  controller.enqueue(": hello\n\n");
}

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: ({ headers }) =>
    headers.get("authorization") === "Bearer good"
      ? new Response(new ReadableStream<string>({ start: greet }))
      : new Response(null, { status: 429 }),
});
afterAll(() => server.stop(true));

function send(text: string): void {
  for (const controller of controllers) controller.enqueue(text);
}

test("every message of every stream is counted once; refused streams are counted as lost", async () => {
  const held = await holdStreams({ url: server.url.href, tokens: ["good", "bad"], streams: 4 });
  expect(held.figures()).toMatchObject({ held: 2, lost: 2 });
  const message = () => `id: ${Bun.randomUUIDv7()}\nevent: task\ndata: {}\n\n`;
  send(message() + message());
  send(`: heartbeat\nid: ${Bun.randomUUIDv7()}\n\n`);
  await waitFor(() => held.figures().messages === 4, { what: "the messages" });
  send(`id: ${Bun.randomUUIDv7()}\nevent: resync\ndata: {}\n\n`);
  await waitFor(() => held.figures().resyncs === 2, { what: "the resyncs" });
  const { messages, p50, longest } = held.figures();
  expect(messages).toBe(4);
  expect(p50).toBeGreaterThan(0);
  expect(longest).toBeLessThan(5_000);
  held.close();
  await waitFor(() => held.figures().held === 0, { what: "the close" });
});

test("quantiles are those of the durations, to a tenth of a millisecond", () => {
  const latency = new Latency();
  expect(latency.quantile(0.5)).toBeNaN();
  for (let ms = 1; ms <= 100; ms++) latency.add(ms - 0.05);
  expect([latency.quantile(0.5), latency.quantile(0.95), latency.quantile(1)]).toEqual([50, 95, 100]);
  expect(latency.count).toBe(100);
});
