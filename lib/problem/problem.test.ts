import { expect, test } from "bun:test";
import { notFound, Problem, problemKinds, toProblemDocument } from "./index.ts";

test("a problem becomes an RFC 9457 document with our members", () => {
  const errors = [{ pointer: "/title", detail: "Must not be empty." }];
  expect(toProblemDocument(new Problem("invalid", "One field is wrong.", { errors }), "r1")).toEqual({
    type: "/problems/invalid",
    title: "Some fields are invalid",
    status: 422,
    detail: "One field is wrong.",
    errors,
    request_id: "r1",
  });
});

test("a stale problem brings the current state, even when that is null", () => {
  expect(toProblemDocument(new Problem("stale", "x", { current: { version: 3 } }), "r").current).toEqual({
    version: 3,
  });
  expect(toProblemDocument(new Problem("stale", "x", { current: null }), "r").current).toBeNull();
  expect(toProblemDocument(new Problem("stale", "x"), "r")).not.toHaveProperty("current");
});

test("a cause is kept for the log and never part of the document", () => {
  const problem = new Problem("internal", "Sorry.", { cause: new Error("secret") });
  expect(problem.cause).toBeInstanceOf(Error);
  expect(JSON.stringify(toProblemDocument(problem, "r"))).not.toContain("secret");
});

test("each status stands for one kind only, so that an answer can be read back", () => {
  const statuses = Object.values(problemKinds).map(({ status }) => status);
  expect(new Set(statuses).size).toBe(statuses.length);
});

test("missing and foreign things have one and the same answer", () => {
  expect(toProblemDocument(notFound(), "r")).toEqual(toProblemDocument(notFound(), "r"));
});
