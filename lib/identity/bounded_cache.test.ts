import { expect, test } from "bun:test";
import { createBoundedCache } from "./bounded_cache.ts";

function cacheAt(start: number, capacity = 3) {
  const time = { ms: start };
  return { time, cache: createBoundedCache<string>({ capacity, ttlMs: 100, now: () => time.ms }) };
}

test("a value is answered until its time is over, and not after", () => {
  const { time, cache } = cacheAt(1_000);
  cache.set("a", "1");
  time.ms = 1_099;
  expect(cache.get("a")).toBe("1");
  time.ms = 1_100;
  expect(cache.get("a")).toBeUndefined();
  expect(cache.size).toBe(0);
});

test("a hit does not prolong a value's life", () => {
  const { time, cache } = cacheAt(0);
  cache.set("a", "1");
  time.ms = 60;
  cache.get("a");
  time.ms = 120;
  expect(cache.get("a")).toBeUndefined();
});

test("an entry's own expiry shortens its life and never lengthens it", () => {
  const { time, cache } = cacheAt(0);
  cache.set("short", "1", 50);
  cache.set("long", "2", 5_000);
  time.ms = 50;
  expect(cache.get("short")).toBeUndefined();
  time.ms = 100;
  expect(cache.get("long")).toBeUndefined();
});

test("the cache never grows past its capacity, and the least recently used goes first", () => {
  const { cache } = cacheAt(0);
  for (const key of ["a", "b", "c"]) cache.set(key, key);
  cache.get("a");
  cache.set("d", "d");
  expect(cache.size).toBe(3);
  expect(cache.get("b")).toBeUndefined();
  expect(cache.get("a")).toBe("a");
});

test("deleteWhere forgets all that match and only those", () => {
  const { cache } = cacheAt(0);
  cache.set("a", "x");
  cache.set("b", "y");
  cache.set("c", "x");
  cache.deleteWhere((value) => value === "x");
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([undefined, "y", undefined]);
});
