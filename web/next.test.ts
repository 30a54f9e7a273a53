import { expect, test } from "bun:test";
import { safeNext } from "./next.ts";

test("after signing in, or a change, one goes only to a place of our own", () => {
  expect(safeNext("/today?task=x")).toBe("/today?task=x");
  for (const elsewhere of [
    "//example.org",
    "/\\example.org",
    "https://example.org",
    "javascript:alert(1)",
    "/a b",
    "/a\r\nX: y",
    "",
  ]) {
    expect(safeNext(elsewhere)).toBe("/inbox");
  }
  expect(safeNext(undefined)).toBe("/inbox");
});
