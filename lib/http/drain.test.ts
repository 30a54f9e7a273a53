import { expect, test } from "bun:test";
import { getLog } from "@rondo/telemetry";
import { type DrainPlan, drain } from "./drain.ts";
import { createStreams } from "./streams.ts";

/** Drains something that only notes what is done to it, in order. */
async function drained(plan: DrainPlan, requests: Promise<void> = Promise.resolve()): Promise<string[]> {
  const steps: string[] = [];
  const note = (step: string) => {
    steps.push(step);
  };
  const streams = createStreams();
  streams.add(() => note("close stream"));
  const main = {
    stop(force?: boolean) {
      note(force ? "cut connections" : "close listener");
      return force ? Promise.resolve() : requests.then(() => note("requests finished"));
    },
  };
  const hold = () => {
    note("hold answers");
    return () => note("let answers go");
  };
  await drain(
    {
      noticeMs: 0,
      streams,
      consumers: [async () => note("stop consumer")],
      pools: [async () => note("close pool"), async () => note("stop database")],
      ...plan,
    },
    {
      begin: () => note("not ready"),
      hold,
      main,
      admin: { stop: async () => note("close admin") },
      log: getLog("test"),
    },
  );
  return steps;
}

const ending = ["stop consumer", "close pool", "stop database", "close admin"];
const beginning = ["not ready", "close stream", "hold answers", "close listener", "let answers go"];

test("the order holds, and answers are held while the listener closes", async () => {
  expect(await drained({})).toEqual([...beginning, "requests finished", ...ending]);
});

test("requests that do not end are cut, and the rest goes on in time", async () => {
  const begun = performance.now();
  expect(await drained({ deadlineMs: 400 }, new Promise(() => undefined))).toEqual([
    ...beginning,
    "cut connections",
    ...ending,
  ]);
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test("what comes as a request without anybody waiting is told first, for its requests end only when it gives them back", async () => {
  const given = Promise.withResolvers<void>();
  const noted: string[] = [];
  const deliveries = [
    async () => {
      noted.push("told");
      given.resolve();
    },
  ];
  const steps = await drained({ deliveries, consumers: [async () => void noted.push("consumers")] }, given.promise);
  expect(noted).toEqual(["told", "consumers"]);
  expect(steps).not.toContain("cut connections");
});

test("requests are taken until the last way on which they come is closed, but not for ever", async () => {
  const left = Promise.withResolvers<void>();
  const noted: string[] = [];
  const leave = async () => {
    noted.push("leaving");
    setTimeout(left.resolve, 30);
    await left.promise;
    noted.push("left");
  };
  const streams = createStreams();
  streams.add(() => noted.push("streams"));
  await drained({ leave, streams });
  expect(noted).toEqual(["leaving", "left", "streams"]);
  const begun = performance.now();
  expect(await drained({ deadlineMs: 400, leave: () => new Promise(() => undefined) })).toContain("requests finished");
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test("deliveries that are not given back in time do not keep the rest", async () => {
  const deliveries = [() => new Promise<void>(() => undefined)];
  expect(await drained({ deadlineMs: 400, deliveries })).toEqual([...beginning, "requests finished", ...ending]);
});

test("a step that fails or hangs does not keep the next", async () => {
  const consumers = [() => Promise.reject(new Error("broken")), () => new Promise<void>(() => undefined)];
  expect(await drained({ deadlineMs: 400, consumers })).toEqual([
    ...beginning,
    "requests finished",
    ...ending.slice(1),
  ]);
});
