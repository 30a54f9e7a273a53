import { expect, test } from "bun:test";
import { createBreaker } from "./breaker.ts";

function setUp() {
  const time = { ms: 0 };
  const changes: boolean[] = [];
  const breaker = createBreaker(
    { failures: 3, openMs: 100 },
    () => time.ms,
    (open) => changes.push(open),
  );
  const fail = (times: number) => {
    for (let count = 0; count < times; count += 1) {
      breaker.enter();
      breaker.record("failed");
    }
  };
  return { time, changes, breaker, fail };
}

test("it opens at the last of so many failures in a row", () => {
  const { breaker, fail, changes } = setUp();
  fail(2);
  breaker.record("answered");
  fail(2);
  expect(breaker.enter()).toBe(true);
  breaker.record("failed");
  expect(breaker.enter()).toBe(false);
  expect(changes).toEqual([true]);
});

test("after its time one call tries, alone; a failure keeps it open for as long again, an answer closes it", () => {
  const { breaker, fail, changes, time } = setUp();
  fail(3);
  time.ms = 99;
  expect(breaker.enter()).toBe(false);
  time.ms = 100;
  expect([breaker.enter(), breaker.enter()]).toEqual([true, false]);
  breaker.record("failed");
  time.ms = 199;
  expect(breaker.enter()).toBe(false);
  time.ms = 200;
  expect(breaker.enter()).toBe(true);
  breaker.record("answered");
  expect([breaker.enter(), breaker.enter()]).toEqual([true, true]);
  expect(changes).toEqual([true, false]);
});

test("a try whose caller went away leaves its place to the next", () => {
  const { breaker, fail, time } = setUp();
  fail(3);
  time.ms = 100;
  expect(breaker.enter()).toBe(true);
  breaker.record("abandoned");
  expect([breaker.enter(), breaker.enter()]).toEqual([true, false]);
});

test("failures of calls that were under way when it opened do not keep it open for longer", () => {
  const { breaker, fail, changes, time } = setUp();
  fail(3);
  time.ms = 90;
  breaker.record("failed");
  time.ms = 100;
  expect(breaker.enter()).toBe(true);
  expect(changes).toEqual([true]);
});
