import { expect, test } from "bun:test";
import { PollPace } from "./poll_pace.ts";

test("a loop that may looks rarely until it has found something, often for a while, then rarely again", () => {
  const pace = new PollPace(250, 4_000);
  expect(pace.pauseMs(0)).toBe(4_000);
  pace.found(10_000);
  expect(pace.pauseMs(10_000)).toBe(250);
  expect(pace.pauseMs(24_999)).toBe(250);
  expect(pace.pauseMs(25_000)).toBe(4_000);
});

test("a loop that other processes rely on looks as often when nothing happens: the first of them is not kept waiting", () => {
  const pace = new PollPace(250);
  expect(pace.pauseMs(0)).toBe(250);
  pace.found(10_000);
  expect(pace.pauseMs(60_000)).toBe(250);
});
