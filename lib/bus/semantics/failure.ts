import { expect, test } from "bun:test";
import type { Outcome } from "../port.ts";
import { done, failed } from "../port.ts";
import { type Context, firstSeen, testPolicy, upTo, versionOf, World } from "./world.ts";

export function failureSemantics(context: Context): void {
  test("an event that must be tried again comes again, with its attempt counted, before the later ones of its key", async () => {
    await using world = new World(context);
    let failures = 2;
    const bus = await world.consume((delivery): Outcome => {
      if (versionOf(delivery) !== 3 || failures === 0) return done;
      failures -= 1;
      return failed("not yet");
    });
    const key = world.key();
    await bus.publish("task-events", world.events(key, 10));
    await world.until(() => firstSeen(world.deliveries, key).length === 10, "10 events");
    expect(world.deliveries.map(versionOf)).toEqual([1, 2, 3, 3, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(world.deliveries.slice(2, 5).map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  test("there is a pause before the next try", async () => {
    await using world = new World(context);
    const times: number[] = [];
    const bus = await world.consume((): Outcome => {
      times.push(performance.now());
      return times.length < 2 ? failed("not yet") : done;
    });
    await bus.publish("task-events", world.events(world.key(), 1));
    await world.until(() => times.length === 2, "the second try");
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(testPolicy.firstPauseMs - 5);
  });

  test.each([
    ["throws", () => Promise.reject(new Error("broken"))],
    ["answers too few outcomes", () => Promise.resolve([])],
  ])("a handler that %s is asked again for all of its events", async (_, misbehave) => {
    await using world = new World(context);
    const handle = world.handler();
    let bad = true;
    const bus = await world.open();
    const key = world.key();
    bus.subscribe({
      topic: "task-events",
      types: ["task.*"],
      group: world.group,
      handle: async (deliveries) => {
        if (!bad || !deliveries.some((delivery) => delivery.key === key)) return await handle(deliveries);
        bad = false;
        return await misbehave();
      },
    });
    await bus.start();
    await bus.publish("task-events", world.events(key, 5));
    await world.until(() => firstSeen(world.deliveries, key).length === 5, "5 events");
    expect(firstSeen(world.deliveries, key)).toEqual(upTo(5));
    expect(bad).toBe(false);
    expect(await world.deadLetters(bus)).toEqual([]);
  });

  test("a handler that hangs counts as one that must be tried again", async () => {
    await using world = new World(context);
    const never = new Promise<Outcome>(() => undefined);
    const bus = await world.consume((delivery) => (delivery.attempt === 1 ? never : done));
    const events = world.events(world.key(), 1);
    await bus.publish("task-events", events);
    await world.until(() => world.deliveries.some(({ attempt }) => attempt === 2), "the second try");
    await world.until(async () => (await bus.lag("task-events", world.group)) === 0, "no lag");
  });

  test("events that fail now and then still arrive complete and in order for each key", async () => {
    await using world = new World(context);
    let seed = 42;
    const chance = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    const settled = new Map<string, number[]>();
    const bus = await world.consume((delivery): Outcome => {
      if (delivery.attempt < testPolicy.tries && chance() < 0.2) return failed("bad luck");
      settled.set(delivery.key, [...(settled.get(delivery.key) ?? []), versionOf(delivery)]);
      return done;
    });
    const keys = Array.from({ length: 6 }, () => world.key());
    await bus.publish(
      "task-events",
      upTo(30).flatMap((version) => keys.flatMap((key) => world.events(key, 1, version))),
    );
    for (const key of keys) {
      await world.until(() => new Set(settled.get(key)).size === 30, "30 events of each key");
      expect([...new Set(settled.get(key))]).toEqual(upTo(30));
    }
  });
}
