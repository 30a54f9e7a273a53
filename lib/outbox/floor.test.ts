import { expect, test } from "bun:test";
import { Floor } from "./floor.ts";

test("everything is looked at in the beginning and once a second", () => {
  const floor = new Floor();
  for (let now = 0; now <= 60_000; now += 100) {
    const from = floor.from(now);
    if (now % 1_000 === 0) expect(from).toBe(0);
    floor.published(now, false, now);
  }
});

test("the reads in between begin seconds below the newest id, never above an id that is younger than 5 s", () => {
  const floor = new Floor();
  for (let now = 0; now <= 60_000; now += 100) {
    const from = floor.from(now);
    expect(from).toBeLessThanOrEqual(Math.max(0, now - 5_000));
    if (now > 20_000 && now % 1_000 !== 0) expect(from).toBeGreaterThan(now - 11_000);
    floor.published(now, false, now);
  }
});

test("in a backlog a read begins where the last one ended, and after it lower again", () => {
  const floor = new Floor();
  floor.from(0);
  floor.published(500, true, 1);
  expect(floor.from(2)).toBe(500);
  floor.published(700, false, 3);
  expect(floor.from(4)).toBe(0);
});

test("what could not be published is read again at once", () => {
  const floor = new Floor();
  floor.from(0);
  floor.published(500, true, 1);
  floor.reset();
  expect(floor.from(2)).toBe(0);
});
