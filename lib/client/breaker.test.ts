import { expect, test } from "bun:test";
import { type CallEnd, createBreaker } from "./breaker.ts";

function setUp() {
  const time = { ms: 0 };
  const changes: boolean[] = [];
  const breaker = createBreaker(
    { failures: 3, openMs: 100 },
    () => time.ms,
    (open) => changes.push(open),
  );
  const enter = (): ((end: CallEnd) => void) => {
    const end = breaker.enter();
    if (end === undefined) throw new Error("the call was not let through");
    return end;
  };
  const fail = (times: number) => {
    for (let count = 0; count < times; count += 1) enter()("failed");
  };
  const isOpen = () => breaker.enter() === undefined;
  return { time, changes, enter, fail, isOpen };
}

test("it opens at the last of so many failures in a row", () => {
  const { enter, fail, changes, isOpen } = setUp();
  fail(2);
  enter()("answered");
  fail(2);
  expect(isOpen()).toBe(false);
  fail(1);
  expect(isOpen()).toBe(true);
  expect(changes).toEqual([true]);
});

test("after its time one call tries, alone; a failure keeps it open for as long again, an answer closes it", () => {
  const { enter, fail, changes, time, isOpen } = setUp();
  fail(3);
  time.ms = 99;
  expect(isOpen()).toBe(true);
  time.ms = 100;
  const probe = enter();
  expect(isOpen()).toBe(true);
  probe("failed");
  time.ms = 199;
  expect(isOpen()).toBe(true);
  time.ms = 200;
  enter()("answered");
  expect([isOpen(), isOpen()]).toEqual([false, false]);
  expect(changes).toEqual([true, false]);
});

test("a try whose caller went away leaves its place to the next", () => {
  const { enter, fail, time, isOpen } = setUp();
  fail(3);
  time.ms = 100;
  enter()("abandoned");
  enter();
  expect(isOpen()).toBe(true);
});

test("failures of calls that were under way when it opened do not keep it open for longer", () => {
  const { enter, fail, changes, time, isOpen } = setUp();
  const late = enter();
  fail(3);
  time.ms = 90;
  late("failed");
  time.ms = 100;
  expect(isOpen()).toBe(false);
  expect(changes).toEqual([true]);
});

test.each(["answered", "failed", "abandoned"] as const)(
  "a late call of before it opened, %s while the probe is out, settles nothing",
  (end) => {
    const { enter, fail, changes, time, isOpen } = setUp();
    const late = enter();
    fail(3);
    time.ms = 100;
    const probe = enter();
    late(end);
    expect(isOpen()).toBe(true);
    probe("answered");
    expect(isOpen()).toBe(false);
    expect(changes).toEqual([true, false]);
  },
);
