import { expect, test } from "bun:test";
import type { CloudEvent } from "@rondo/event";
import { taskEvent } from "@rondo/event/testing";
import type { Delivery } from "../port.ts";
import { done } from "../port.ts";
import { type Context, firstSeen, upTo, World } from "./world.ts";

export function deliverySemantics(context: Context): void {
  test("each group sees every event", async () => {
    await using world = new World(context);
    const bus = await world.open();
    const other: Delivery[] = [];
    bus.subscribe({ topic: "task-events", types: ["task.*"], group: world.group, handle: world.handler() });
    bus.subscribe({
      topic: "task-events",
      types: ["task.*"],
      group: `${world.group}-b`,
      handle: world.handler(undefined, other),
    });
    await bus.start();
    const events = world.events(world.key(), 20);
    await bus.publish("task-events", events);
    await world.arrived(events);
    await world.arrived(events, other);
  });

  test("a backlog comes in batches of at most the size asked for", async () => {
    await using world = new World(context);
    const publisher = await world.open();
    const events = world.events(world.key(), 60);
    await publisher.publish("task-events", events);
    await world.consume(undefined, { batchSize: 25 });
    await world.arrived(events);
    expect(Math.max(...world.batches)).toBeLessThanOrEqual(25);
    expect(Math.max(...world.batches)).toBeGreaterThan(1);
  });

  test("what is published while no consumer runs is delivered when one starts, and what was done is not delivered again", async () => {
    await using world = new World(context);
    const key = world.key();
    const first = await world.consume();
    const before = world.events(key, 5);
    await first.publish("task-events", before);
    await world.arrived(before);
    await first.stop();
    const publisher = await world.open();
    const meanwhile = world.events(key, 5, 6);
    await publisher.publish("task-events", meanwhile);
    await world.consume();
    await world.arrived(meanwhile);
    expect(world.deliveries).toHaveLength(10);
    expect(firstSeen(world.deliveries, key)).toEqual(upTo(10));
  });

  test("a group that is new begins with the oldest event that is kept", async () => {
    await using world = new World(context);
    const publisher = await world.open();
    const events = world.events(world.key(), 5);
    await publisher.publish("task-events", events);
    await world.consume();
    await world.arrived(events);
  });

  test("stop waits for the handler under way, keeps what it did, and nothing is delivered afterwards", async () => {
    await using world = new World(context);
    const begun = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const bus = await world.consume(async () => {
      begun.resolve();
      await release.promise;
      return done;
    });
    const events = world.events(world.key(), 1);
    await bus.publish("task-events", events);
    await begun.promise;
    let stopped = false;
    const stopping = bus.stop().then(() => {
      stopped = true;
    });
    await new Promise(setImmediate);
    expect(stopped).toBe(false);
    release.resolve();
    await stopping;
    const later = world.events(world.key(), 1);
    await (await world.open()).publish("task-events", later);
    await world.consume();
    await world.arrived(later);
    expect(world.deliveries.map(({ event }) => event.id)).toEqual([...events, ...later].map(({ id }) => id));
  });

  test("a broadcast says once when nothing is missed any more, and misses nothing from then on", async () => {
    await using world = new World(context);
    const bus = await world.open();
    const key = world.key();
    const seen: CloudEvent[] = [];
    let begun = 0;
    bus.broadcast({
      topic: "task-events",
      handle: (event) => void (event.workspaceid === key && seen.push(event)),
      begin: () => {
        begun += 1;
      },
    });
    expect(begun).toBe(0);
    const starting = bus.start();
    await world.until(() => begun === 1, "the broadcast to begin");
    await bus.publish("task-events", world.events(key, 5));
    await world.until(() => seen.length === 5, "5 events");
    await starting;
    expect(begun).toBe(1);
  });

  test("a broadcast reaches every process, in order, from its start on, and outlives a handler that throws", async () => {
    await using world = new World(context);
    const key = world.key();
    const publisher = await world.open();
    const seen: CloudEvent[][] = [[], []];
    await publisher.publish("task-events", world.events(key, 3));
    for (const list of seen) {
      const bus = await world.open();
      bus.broadcast({
        topic: "task-events",
        handle: () => {
          throw new Error("a careless handler");
        },
      });
      bus.broadcast({ topic: "task-events", handle: (event) => void (event.workspaceid === key && list.push(event)) });
      await bus.start();
    }
    await publisher.publish("task-events", world.events(key, 20, 4));
    for (const list of seen) {
      await world.until(() => list.length === 20, "20 events in each process");
      const versions = list.map((event) => ("task" in event.data ? event.data.task.version : 0));
      expect(versions).toEqual(upTo(23).slice(3));
    }
  });

  test("the slim topic carries its own events and no others", async () => {
    await using world = new World(context);
    const seen: CloudEvent[] = [];
    const bus = await world.open();
    bus.broadcast({ topic: "task-updates", handle: (event) => void seen.push(event) });
    await bus.start();
    const key = world.key();
    await bus.publish("task-events", world.events(key, 1));
    const slim = taskEvent("task.created.v1", { workspace_id: key });
    await bus.publish("task-updates", [slim]);
    await world.until(() => seen.some(({ id }) => id === slim.id), "the event of the slim topic");
    expect(seen.filter(({ workspaceid }) => workspaceid === key)).toHaveLength(1);
  });

  test("lag is what was published and is not consumed yet", async () => {
    await using world = new World(context);
    const gate = Promise.withResolvers<void>();
    const bus = await world.consume();
    await world.until(async () => (await bus.lag("task-events", world.group)) === 0, "older events to be consumed");
    await bus.stop();
    const other = await world.open();
    await other.publish("task-events", world.events(world.key(), 7));
    expect(await other.lag("task-events", world.group)).toBe(7);
    const again = await world.consume(async () => {
      await gate.promise;
      return done;
    });
    gate.resolve();
    await world.until(async () => (await again.lag("task-events", world.group)) === 0, "no lag");
  });
}
