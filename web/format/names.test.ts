import { expect, test } from "bun:test";
import { firstLine, shorten } from "./names.ts";

test("the first line of notes is their first words, without the marks of Markdown", () => {
  expect(firstLine("# Two **litres**\nof milk")).toBe("Two litres");
  expect(firstLine("\n\n- [the shop](https://example.org) round the corner")).toBe("the shop round the corner");
  expect(firstLine("---\n1. first")).toBe("first");
  expect(firstLine("_Bring_ **the `keys`**, ~~not~~ *me*.")).toBe("Bring the keys, not me.");
  expect(firstLine("snake_case and 2 * 3 * 4")).toBe("snake_case and 2 * 3 * 4");
});

test("a hostile note costs no time", () => {
  const begun = performance.now();
  for (const mark of ["*", "[", "![", "> ", "- ", "`"]) firstLine(mark.repeat(20_000));
  expect(performance.now() - begun).toBeLessThan(200);
});

test("a shortened title keeps whole characters", () => {
  expect(shorten("👩‍👧 and the rest", 3)).not.toContain("\uFFFD");
  expect(shorten("short")).toBe("short");
  expect([...shorten("x".repeat(100))]).toHaveLength(40);
});
