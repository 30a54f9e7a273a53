import { expect, test } from "bun:test";
import { expectNoLeaks, fakeClock, waitFor } from "./index.ts";

test("waiting ends with the first truthy answer", async () => {
  let looks = 0;
  expect(await waitFor(() => (++looks === 3 ? `look ${looks}` : undefined), { what: "the third look" })).toBe("look 3");
});

test("waiting in vain says for what, and why the last look failed", async () => {
  const error = await waitFor(() => Promise.reject(new Error("not there")), { what: "a thing", deadlineMs: 30 }).catch(
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("it did not fail");
  expect(error.message).toBe("waited 30 ms in vain for a thing");
  expect(String(error.cause)).toBe("Error: not there");
});

test("a description that is a function is asked when it fails", async () => {
  let printed = "";
  const look = (): boolean => {
    printed = "what it printed";
    return false;
  };
  const waiting = waitFor(look, { what: () => `a program: ${printed}`, deadlineMs: 30 });
  await expect(waiting).rejects.toThrow("waited 30 ms in vain for a program: what it printed");
});

test("a fake clock stands still until it is moved", () => {
  const clock = fakeClock("2026-03-29T00:59:59.000Z");
  expect(clock().toISOString()).toBe("2026-03-29T00:59:59.000Z");
  clock.advance(1_500);
  expect(clock().toISOString()).toBe("2026-03-29T01:00:00.500Z");
  clock.set("2027-01-01T00:00:00.000Z");
  expect(clock().toISOString()).toBe("2027-01-01T00:00:00.000Z");
});

test("a leak is named with its count, and what closes in time is none", async () => {
  let closing = 2;
  await expectNoLeaks({ "closing streams": () => Math.max(0, closing--) });
  const leak = await expectNoLeaks({ streams: () => 2, timers: () => 0 }, 30).catch((reason: unknown) => reason);
  expect(leak).toEqual(new Error("left open at the end: 2 streams"));
});
