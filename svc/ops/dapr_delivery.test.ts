import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { type Delivery, done, type Handler } from "@rondo/bus";
import { taskEvent } from "@rondo/event/testing";
import { describeWith, newId, waitFor } from "@rondo/testing";
import { type DaprEngine, startDaprEngine } from "./dapr_engine.fixture.ts";

const policy = { tries: 3, firstPauseMs: 50, longestPauseMs: 100, timeoutMs: 10_000 };
const topic = "task-events";
const deadlineMs = 30_000;

describeWith(["daprd", "kafka"], "deliveries by a real sidecar", () => {
  setDefaultTimeout(90_000);
  let engine: DaprEngine;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    engine = await startDaprEngine({ policy });
    closers.push(engine.close);
  });
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  });

  async function open(...args: Parameters<DaprEngine["open"]>) {
    const opened = await engine.open(...args);
    closers.push(async () => {
      await opened.bus.stop();
      await opened.close();
    });
    return opened;
  }

  function consumer(work: (own: readonly Delivery[]) => Promise<void>) {
    const [key, group] = [newId(), `group-${newId()}`];
    const handle: Handler = async (deliveries) => {
      const own = deliveries.filter((delivery) => delivery.key === key);
      if (own.length > 0) await work(own);
      return deliveries.map(() => done);
    };
    const events = Array.from({ length: 5 }, () => taskEvent("task.updated.v1", { workspace_id: key }));
    return { key, group, events, subscription: { topic, group, types: ["*"], handle } as const };
  }

  test("a call that the sidecar takes back is not handled twice, at once or later, and what the handler did counts", async () => {
    const seen: string[] = [];
    let [busy, most] = [0, 0];
    const { group, events, subscription } = consumer(async (own) => {
      busy += 1;
      most = Math.max(most, busy);
      const before = opened.calls();
      await waitFor(() => opened.calls() > before, { what: "the call to come again", deadlineMs });
      seen.push(...own.map(({ event }) => event.id));
      busy -= 1;
    });
    const opened = await open({ inboundTimeout: "1s" });
    const { bus } = opened;
    bus.subscribe(subscription);
    await bus.start();
    await bus.publish(topic, events);
    await waitFor(async () => seen.length >= 5 && (await bus.lag(topic, group)) === 0, { what: "no lag", deadlineMs });
    expect(most).toBe(1);
    expect(seen).toEqual(events.map(({ id }) => id));
  });

  test("an app that dies before its answer is brought the events again, in order, and none is given up meanwhile", async () => {
    const begun = Promise.withResolvers<void>();
    const { group, events, subscription, key } = consumer(async () => {
      begun.resolve();
      await new Promise(() => undefined);
    });
    const opened = await open();
    opened.bus.subscribe(subscription);
    await opened.bus.start();
    await opened.bus.publish(topic, events);
    await begun.promise;
    const seen: string[] = [];
    await opened.restartApp((bus) =>
      bus.subscribe({
        ...subscription,
        handle: async (deliveries) => {
          seen.push(...deliveries.filter((delivery) => delivery.key === key).map(({ event }) => event.id));
          return deliveries.map(() => done);
        },
      }),
    );
    await waitFor(() => seen.length >= 5, { what: "the events", deadlineMs });
    expect([...new Set(seen)]).toEqual(events.map(({ id }) => id));
    expect(await opened.bus.deadLetters({ topic, group })).toEqual([]);
  });

  test("bytes of any kind become a dead letter, to the byte, and the sidecar lives on", async () => {
    const seen: string[] = [];
    const { group, events, subscription } = consumer(async (own) => {
      seen.push(...own.map(({ event }) => event.id));
    });
    const { bus } = await open();
    bus.subscribe(subscription);
    await bus.start();
    const junk = new Uint8Array([0xff, 0x00, 0x7b, 0x0a, 0xfe]);
    await engine.injectBytes(topic, junk);
    await bus.publish(topic, events);
    await waitFor(() => seen.length === 5, { what: "the events", deadlineMs });
    const first = async () => (await bus.deadLetters({ topic, group }))[0];
    const letter = await waitFor(first, { what: "the dead letter", deadlineMs });
    expect(letter).toMatchObject({ key: "", reason: expect.stringContaining("no JSON"), tries: 0 });
    expect(letter.event).toBe(new TextDecoder().decode(junk));
  });
});
