import { beforeEach, expect, test } from "bun:test";
import { createClient } from "@rondo/client";
import { createMetrics } from "@rondo/telemetry";
import { createApp } from "../app.ts";

const origin = "http://localhost:3000";
let status = 200;
let forgotten: (string | null)[] = [];
const app = createApp({
  client: createClient({ fetch: async () => Response.json({}, { status }), origin }),
  authenticator: {
    identify: () => Promise.reject(new Error("nobody is asked who signs in or out")),
    forget: ({ headers }) => forgotten.push(headers.get("cookie")),
  },
  metrics: createMetrics(),
  origin,
  clock: () => new Date(),
});
beforeEach(() => {
  forgotten = [];
});

const send = (path: string) => {
  const body = new URLSearchParams({ email: "ada@example.org", password: "correct horse battery" });
  return app.request(path, { method: "POST", headers: { origin, cookie: "s=1" }, body });
};

test.each(["/sign-in", "/sign-out"])(
  "%s forgets who the browser was, once the api has ended that session",
  async (path) => {
    status = 503;
    expect((await send(path)).status).toBe(503);
    expect(forgotten).toEqual([]);
    status = 200;
    expect((await send(path)).status).toBe(303);
    expect(forgotten).toEqual(["s=1"]);
  },
);
