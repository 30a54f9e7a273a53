import { expect, test } from "bun:test";
import { baseApp } from "@rondo/http";
import { Problem } from "@rondo/problem";
import { createMetrics } from "@rondo/telemetry";
import { problemPages } from "./render.tsx";

const clock = () => new Date("2026-11-25T09:00:00Z");
const app = baseApp({
  service: "test",
  metrics: createMetrics(),
  trustedOrigin: "http://localhost",
  renderProblem: problemPages(clock),
});
const failures: Readonly<Record<string, Error>> = {
  unavailable: new Problem("unavailable", "The database is away.", {
    cause: new Error("secret cause"),
    retryAfterSeconds: 3,
  }),
  internal: new Error("secret cause"),
  conflict: new Problem("conflict", "The Inbox cannot be archived."),
  unauthenticated: new Problem("unauthenticated", "Sign in first."),
};
app.all("/:failure", (c) => {
  throw failures[c.req.param("failure")] ?? new Error("no such failure");
});

const ask = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });

test("a fault of ours is a page that tells its number and not its cause", async () => {
  for (const [path, status] of [
    ["/internal", 500],
    ["/unavailable", 503],
  ] as const) {
    const answer = await ask(path);
    const html = await answer.text();
    expect(answer.status).toBe(status);
    expect(html).toStartWith("<!doctype html>");
    expect(html).toContain(answer.headers.get("x-request-id") ?? "no id");
    expect(html).not.toContain("secret cause");
  }
  expect((await ask("/unavailable")).headers.get("retry-after")).toBe("3");
});

test("in a part of a page an error is one line, and the page stays", async () => {
  const answer = await ask("/conflict", { "hx-request-type": "partial", "hx-current-url": "http://localhost/inbox" });
  const html = await answer.text();
  expect(answer.status).toBe(409);
  expect(html).toStartWith('<hx-partial hx-target="#toasts"');
  expect(html).toContain("The Inbox cannot be archived.");
});

test("who is signed out keeps the page, with the way to sign in and back", async () => {
  const answer = await ask("/unauthenticated", {
    "hx-request-type": "partial",
    "hx-current-url": "http://localhost/today?task=x",
  });
  expect(answer.status).toBe(401);
  expect(await answer.text()).toContain('href="/sign-in?next=%2Ftoday%3Ftask%3Dx"');
  const page = await ask("/unauthenticated");
  expect([page.status, page.headers.get("location")]).toEqual([303, "/sign-in?next=%2Funauthenticated"]);
});

test("an address that is none is a page", async () => {
  const answer = await ask("/no/such/place");
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("Not here");
});
