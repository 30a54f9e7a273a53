import { expect, test } from "bun:test";
import { atLeast, atMost, goalTable, median } from "./report.ts";

test("the median of the runs decides, not the best of them", () => {
  expect(atMost("time", [20, 26, 27, 24, 28], 25).met).toBe(false);
  expect(atMost("time", [20, 26, 24, 24, 28], 25).met).toBe(true);
  expect(atLeast("speed", [0.9, 0.7, 0.7, 0.9, 0.7], 0.75).met).toBe(false);
  expect(atLeast("speed", [0.9, 0.76, 0.7, 0.9, 0.7], 0.75).met).toBe(true);
});

test("a figure that was not measured, in one run or in any, misses its goal", () => {
  for (const runs of [[], [Number.NaN], [1, Number.NaN, 1], [Number.POSITIVE_INFINITY]]) {
    expect(atMost("time", runs, 25).met).toBe(false);
    expect(atLeast("speed", runs, 0).met).toBe(false);
  }
});

test("the table tells the median, the spread and the number of runs", () => {
  const table = goalTable([{ ...atMost("p95", [3, 1, 2], 25, " ms"), further: "1 to 2" }]);
  const cells = table
    .split("\n")
    .at(-1)
    ?.split("|")
    .map((cell) => cell.trim());
  expect(cells).toEqual(["", "p95", "≤ 25 ms", "2 ms", "1 … 3", "3", "met", "1 to 2", ""]);
});

test("the median of nothing is no number", () => {
  expect(median([])).toBeNaN();
  expect(median([3, 1, 2])).toBe(2);
});
