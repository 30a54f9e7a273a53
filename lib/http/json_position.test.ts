import { expect, test } from "bun:test";
import { findJsonError } from "./json_position.ts";

test.each([
  ["{", "It ends too early: a name"],
  ['{"a":', "It ends too early: a value"],
  ["{a:1}", "line 1, column 2: a name"],
  ['{"a":1,}', "line 1, column 8: a name"],
  ['{"a" 1}', "line 1, column 6: a colon"],
  ["[1,]", "line 1, column 4: a value"],
  ["[1 2]", "line 1, column 4: a comma"],
  ["[1}", "line 1, column 3: a comma"],
  ["1 2", "line 1, column 3: a comma or the end"],
  ["[1,\n 2,\n x]", "line 3, column 2: a value"],
  ["01", "line 1, column 1: a value"],
  ["-", "line 1, column 1: a value"],
  ["1.e5", "line 1, column 1: a value"],
  ["[1e+5,-0.5E3,true x]", "line 1, column 19: a comma"],
  ["[truefalse]", "line 1, column 2: a value"],
  ["nul", "line 1, column 1: a value"],
  ['"\u0001"', "line 1, column 1: a value"],
  ['{"a":"\\x"}', "line 1, column 6: a value"],
  ["  \n", "The body is empty"],
])("the first error of %p is found", (text, expected) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(findJsonError(text)).toContain(expected);
});

test("a huge or deep text is walked in linear time and without recursion", () => {
  const begun = performance.now();
  expect(findJsonError("[".repeat(1_000_000))).toContain("ends too early");
  expect(findJsonError(`{"a":"${"x".repeat(1_000_000)}`)).toContain("a value");
  expect(findJsonError(`[${"1".repeat(500_000)}e`)).toContain("column 2: a value");
  expect(findJsonError(`{"a":"${"\\n".repeat(500_000)}"`)).toContain("ends too early");
  expect(performance.now() - begun).toBeLessThan(2_000);
});
