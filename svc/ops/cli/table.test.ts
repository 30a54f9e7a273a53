import { expect, test } from "bun:test";
import { counted, oneLine, span, table } from "./table.ts";

test("columns are aligned, numbers to the right, wide letters as wide as they are", () => {
  const rows = [
    { name: "a", count: 5, end: "" },
    { name: "日本", count: 1_000, end: "x" },
  ];
  const text = table<(typeof rows)[number]>(
    [
      { title: "NAME", cell: ({ name }) => name },
      { title: "N", cell: ({ count }) => count },
      { title: "END", cell: ({ end }) => end },
    ],
    rows,
  );
  expect(text.split("\n")).toEqual(["NAME     N  END", "a        5", "日本  1000  x"]);
});

test("a text becomes one line without marks that a terminal obeys", () => {
  expect(oneLine("a\n\tb \u001b[31mred\u0007 ")).toBe("a b [31mred");
  expect(oneLine("x".repeat(100), 10)).toBe(`${"x".repeat(9)}…`);
});

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1_000, "1 s"],
  [119_000, "1 min"],
  [7_300_000, "2 h"],
  [200_000_000, "2 d"],
])("%d ms is %s", (milliseconds, words) => expect(span(milliseconds)).toBe(words));

test("one thing, more things", () => {
  expect([counted(0, "event"), counted(1, "event"), counted(2, "event")]).toEqual(["0 events", "1 event", "2 events"]);
});
