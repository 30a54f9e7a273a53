import { afterAll, beforeAll, expect, test } from "bun:test";
import { problemKinds } from "@rondo/problem";
import { type ApiFixture, createApiFixture } from "../api.fixture.ts";

let api: ApiFixture;
let page: Response;
let html: string;
beforeAll(async () => {
  api = await createApiFixture();
  page = await api.app.request("/api/docs");
  html = await page.text();
});
afterAll(() => api.close());

test("the page is for everybody and needs nothing from elsewhere, nor any script", () => {
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
  expect(html.startsWith("<!doctype html>")).toBe(true);
  for (const forbidden of ["<script", "<style", " style=", "javascript:", "https://", "http://"]) {
    expect(html.includes(forbidden)).toBe(false);
  }
  expect(/ on\w+=/.test(html)).toBe(false);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
});

test("its style sheet has a name made of its content and is kept for ever", async () => {
  const [, url = ""] = /<link rel="stylesheet" href="([^"]+)"/.exec(html) ?? [];
  const style = await api.app.request(url);
  expect([style.status, style.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
  expect(style.headers.get("cache-control")).toContain("immutable");
});

test("every link on the page leads to something on the page", () => {
  const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  const targets = [...html.matchAll(/ href="#([^"]+)"/g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThan(50);
  expect(targets.filter((target) => !ids.has(target))).toEqual([]);
});

test("each kind of problem that an operation may answer leads to what it means", () => {
  const kinds = new Set([...html.matchAll(/ href="\/problems\/([^"]+)"/g)].map(([, kind]) => kind));
  for (const kind of ["invalid", "not_found", "stale", "unauthenticated"]) expect(kinds).toContain(kind);
  expect([...kinds].filter((kind) => !Object.hasOwn(problemKinds, kind ?? ""))).toEqual([]);
});

test("each operation and schema has its anchor", () => {
  for (const anchor of ["createTask", "listTasks", "undo", "schema-Task", "schema-Problem"]) {
    expect(html.includes(`id="${anchor}"`)).toBe(true);
  }
});
