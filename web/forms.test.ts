import { expect, test } from "bun:test";
import { createClient } from "@rondo/client";
import { createMetrics } from "@rondo/telemetry";
import { createApp } from "./app.ts";

const origin = "http://localhost:3000";
const notAsked = () => Promise.reject(new Error("a form that cannot be read asks nobody"));
const app = createApp({
  client: createClient({ fetch: notAsked, origin }),
  authenticator: { identify: notAsked, forget: () => undefined },
  metrics: createMetrics(),
  origin,
  clock: () => new Date(),
});
const paths = [...new Set(app.routes.filter(({ method }) => method === "POST").map(({ path }) => path))];

test("every form of every page that cannot be read, or brings a file, is 400", async () => {
  expect(paths.length).toBeGreaterThan(15);
  const headers = { origin, "content-type": "multipart/form-data; boundary=x" };
  const file = '--x\r\ncontent-disposition: form-data; name="title"; filename="a"\r\n\r\na\r\n--x--\r\n';
  for (const body of ["title=x", file.replaceAll("x", "y"), file.slice(0, -8), file]) {
    const statuses = paths.map(async (path) => [
      path,
      (await app.request(path.replace(":id", "1"), { method: "POST", headers, body })).status,
    ]);
    expect(await Promise.all(statuses)).toEqual(paths.map((path) => [path, 400]));
  }
});
