import { expect, test } from "bun:test";
import { baseApp } from "@rondo/http";
import { Problem, type ProblemKind, problemKinds, toProblemDocument } from "@rondo/problem";
import { createMetrics } from "@rondo/telemetry";
import { actsOf } from "../testing.ts";
import { problemPages } from "./render.tsx";
import { problemRoutes } from "./routes.tsx";

const clock = () => new Date("2026-11-25T09:00:00Z");
const app = baseApp({
  service: "test",
  metrics: createMetrics(),
  trustedOrigin: "http://localhost",
  renderProblem: problemPages(clock),
});
app.route("/", problemRoutes(clock));
const kinds = Object.keys(problemKinds) as ProblemKind[];

test.each(kinds)("the type of a problem leads to a page that says what it means and what to do: %s", async (kind) => {
  const { type, title, status } = toProblemDocument(new Problem(kind, "x"), "r");
  const answer = await app.request(type);
  const html = await answer.text();
  expect(answer.status).toBe(200);
  expect(html).toContain(`<h1>${title}</h1>`);
  expect(html).toContain(`<code>${kind}</code>, status ${status}`);
  expect(html).toContain("What to do");
  expect(html).not.toContain("`");
  expect(await actsOf(html)).toEqual([]);
});

test("no two kinds say the same", async () => {
  const pages = await Promise.all(kinds.map(async (kind) => (await app.request(`/problems/${kind}`)).text()));
  const words = pages.map((html) => html.slice(html.indexOf("</h1>")).replace(/<code>\w+<\/code>, status \d+/, ""));
  expect(new Set(words).size).toBe(kinds.length);
});

test("what is no kind has no page", async () => {
  for (const kind of ["nonsense", "constructor", "__proto__", "Invalid"])
    expect([kind, (await app.request(`/problems/${kind}`)).status]).toEqual([kind, 404]);
});
