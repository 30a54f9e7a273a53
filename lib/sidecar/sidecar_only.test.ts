import { expect, test } from "bun:test";
import { Hono } from "hono";
import { sidecarOnly } from "./index.ts";

function status(appToken: string | undefined, shown: string | undefined): Promise<number> {
  const app = new Hono().use("/events/*", sidecarOnly(appToken)).post("/events/a", (c) => c.text("in"));
  const headers = shown === undefined ? {} : { "dapr-api-token": shown };
  return Promise.resolve(app.request("/events/a", { method: "POST", headers })).then((answer) => answer.status);
}

test("who shows the app's token is let in", async () => {
  expect(await status("secret", "secret")).toBe(200);
});

test.each([
  ["nothing", undefined],
  ["nothing at all", ""],
  ["another token", "Secret"],
  ["its beginning", "secre"],
  ["more than it", "secrets"],
])("who shows %s is not", async (_, shown) => {
  expect(await status("secret", shown)).toBe(401);
});

test.each([undefined, ""])("where no token is set (%p) nobody is let in", async (appToken) => {
  expect(await status(appToken, undefined)).toBe(401);
  expect(await status(appToken, "")).toBe(401);
});
