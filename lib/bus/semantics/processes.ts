import { expect, test } from "bun:test";
import type { Delivery } from "../port.ts";
import { done } from "../port.ts";
import { type Context, firstSeen, upTo, World } from "./world.ts";

export function processSemantics(context: Context): void {
  test("of two processes of one group each event goes to one", async () => {
    await using world = new World(context);
    const first = await world.consume();
    await world.consume();
    const events = Array.from({ length: 20 }, () => world.events(world.key(), 3)).flat();
    await first.publish("task-events", events);
    await world.arrived(events);
    await world.until(async () => (await first.lag("task-events", world.group)) === 0, "no lag");
    expect(world.deliveries).toHaveLength(events.length);
  });

  test("when a process is killed in the middle of a batch the other one takes over, and nothing is lost", async () => {
    await using world = new World(context);
    const frozen = new Promise<typeof done>(() => undefined);
    const seen: Delivery[][] = [[], []];
    const buses = [];
    let dead = -1;
    for (const [index, list] of seen.entries()) {
      const bus = await world.open();
      const handle = world.handler(() => (dead === index ? frozen : done), list);
      bus.subscribe({ topic: "task-events", types: ["task.*"], group: world.group, batchSize: 10, handle });
      await bus.start();
      buses.push(bus);
    }
    const publisher = await world.open();
    const keys = Array.from({ length: 8 }, () => world.key());
    await publisher.publish(
      "task-events",
      upTo(5).flatMap((version) => keys.flatMap((key) => world.events(key, 1, version))),
    );
    await world.until(() => seen.flat().length >= 10, "the first batches");
    dead = (seen[0]?.length ?? 0) > 0 ? 0 : 1;
    await publisher.publish(
      "task-events",
      keys.flatMap((key) => world.events(key, 5, 6)),
    );
    const victim = buses[dead];
    if (victim !== undefined) await world.kill(victim);
    await publisher.publish(
      "task-events",
      keys.flatMap((key) => world.events(key, 10, 11)),
    );
    for (const key of keys) {
      await world.until(() => new Set(firstSeen(seen.flat(), key)).size === 20, "all events in the surviving process");
      const taken = firstSeen(seen[1 - dead] ?? [], key);
      expect(taken).toEqual(upTo(20).slice(20 - taken.length));
    }
  });

  test("when the engine goes away in the middle of the work and comes back, everything arrives, in order for each key", async () => {
    await using world = new World(context);
    const begun = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const bus = await world.consume(async () => {
      begun.resolve();
      await release.promise;
      return done;
    });
    const keys = Array.from({ length: 5 }, () => world.key());
    const events = keys.flatMap((key) => world.events(key, 10));
    await bus.publish("task-events", events);
    await begun.promise;
    const back = await world.engine.interrupt();
    release.resolve();
    await back();
    await world.arrived(events);
    for (const key of keys) expect(firstSeen(world.deliveries, key)).toEqual(upTo(10));
    await world.until(async () => (await bus.lag("task-events", world.group)) === 0, "no lag");
  });
}
