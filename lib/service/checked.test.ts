import { expect, test } from "bun:test";
import type { Bus } from "@rondo/bus";
import type { Transport } from "@rondo/client";
import { checkedBus, checkedTransport } from "./checked.ts";
import { authenticationCalls, type Manifest } from "./manifest.ts";

const manifest: Manifest = {
  name: "example",
  description: "An example.",
  prefix: "/example",
  config: {},
  publishes: {},
  consumes: [{ topic: "task-events", delivery: "group" }],
  calls: { api: authenticationCalls, audit: [{ method: "*", path: "/api/v1/**" }] },
  called: false,
};

function recordingBus() {
  const asked: string[] = [];
  const bus: Bus = {
    publish: async (topic) => {
      asked.push(`publish ${topic}`);
      return [];
    },
    subscribe: ({ topic }) => void asked.push(`subscribe ${topic}`),
    broadcast: ({ topic }) => void asked.push(`broadcast ${topic}`),
    lane: (key) => key.length,
    start: async () => void asked.push("start"),
    stop: async () => void asked.push("stop"),
  };
  return { asked, bus: checkedBus(bus, manifest) };
}

test("a service subscribes to what its manifest names, and to nothing else", () => {
  const { asked, bus } = recordingBus();
  const rest = { group: "example", types: ["*"], reads: "envelope", handle: async () => [] } as const;
  bus.subscribe({ topic: "task-events", ...rest });
  expect(() => bus.subscribe({ topic: "task-updates", ...rest })).toThrow(
    "example consumes task-updates (group), which its manifest does not name",
  );
  expect(() => bus.broadcast({ topic: "task-events", handle: () => undefined })).toThrow("task-events (broadcast)");
  expect(asked).toEqual(["subscribe task-events"]);
});

test("a relay may pass on every topic and sees the lanes, and the bus starts and stops as it is", async () => {
  const { asked, bus } = recordingBus();
  await bus.publish("topic-of-a-newer-version", []);
  expect(bus.lane?.("abc")).toBe(3);
  await bus.start();
  await bus.stop();
  expect(asked).toEqual(["publish topic-of-a-newer-version", "start", "stop"]);
});

test("a service calls what its manifest names, and nothing else", async () => {
  const carried: string[] = [];
  const transport: Transport = async (service, request) => {
    carried.push(`${service} ${request.method} ${new URL(request.url).pathname}`);
    return new Response();
  };
  const send = checkedTransport(transport, manifest);
  const ask = (service: "api" | "audit", path: string, method = "GET") =>
    send(service, new Request(`http://rondo.internal${path}`, { method }));
  await ask("api", "/api/auth/token?x=1");
  await ask("audit", "/api/v1/audit", "POST");
  for (const [service, path, method] of [
    ["api", "/api/auth/token", "POST"],
    ["api", "/api/auth/tokens", "GET"],
    ["api", "/api/v1/tasks", "GET"],
    ["audit", "/api/v1", "GET"],
  ] as const)
    await expect(ask(service, path, method)).rejects.toThrow(
      `example calls ${method} ${path} of ${service}, which its manifest does not name`,
    );
  expect(carried).toEqual(["api GET /api/auth/token", "audit POST /api/v1/audit"]);
});
