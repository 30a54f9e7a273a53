import { expect, test } from "bun:test";
import { createDeadlines } from "./deadlines.ts";

test("work that is done in time gives its result or its error", async () => {
  const slot = createDeadlines(10_000).current();
  expect(await slot.run(async () => 3)).toBe(3);
  expect(slot.run(() => Promise.reject(new Error("own")))).rejects.toThrow("own");
});

test("work that is not done in time is unavailable, not before its time, and its signal aborts", async () => {
  const deadlines = createDeadlines(40);
  const begun = performance.now();
  const slot = deadlines.current();
  const error = await slot.run(() => new Promise(() => undefined)).catch((reason) => reason);
  expect(error).toMatchObject({ kind: "unavailable", retryAfterSeconds: 1 });
  expect(performance.now() - begun).toBeGreaterThanOrEqual(39);
  expect(slot.signal.aborted).toBe(true);
  expect(slot.signal.reason).toBe(error);
});

test("requests of the same moment share a slot, later ones get their own full time", async () => {
  const deadlines = createDeadlines(80);
  const first = deadlines.current();
  expect(deadlines.current()).toBe(first);
  await first.run(() => new Promise(() => undefined)).catch(() => undefined);
  const second = deadlines.current();
  expect(second).not.toBe(first);
  expect(second.signal.aborted).toBe(false);
});
