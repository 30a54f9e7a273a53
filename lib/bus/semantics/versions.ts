import { expect, test } from "bun:test";
import type { AnyEvent, CloudEvent } from "@rondo/event";
import { taskEvent } from "@rondo/event/testing";
import { type Delivery, done } from "../port.ts";
import { type Context, World } from "./world.ts";

/** Types that no other test names: what lies on the topic is seen by every group that is new. */
const types = ["task.moved", "notice.*"];

/** An event of a type and version that this program does not know. */
function unknownEvent(key: string): AnyEvent {
  return { ...taskEvent("task.created.v1", { workspace_id: key }), type: "notice.given.v2", data: { any: "thing" } };
}

/** A handler as a newer program has it: it reads what this one does not know. */
function newer(key: string, into: AnyEvent[]) {
  return async (deliveries: readonly Delivery<AnyEvent>[]) => {
    into.push(...deliveries.filter((delivery) => delivery.key === key).map(({ event }) => event));
    return deliveries.map(() => done);
  };
}

export function versionSemantics(context: Context): void {
  test("a group is given the types that it names, and others are passed over", async () => {
    await using world = new World(context);
    const bus = await world.consume(undefined, { types: ["task.completed", "project.*"] });
    const key = world.key();
    const events = (["task.created.v1", "task.completed.v1", "task.updated.v1", "task.completed.v1"] as const).map(
      (type) => taskEvent(type, { workspace_id: key }),
    );
    await bus.publish("task-events", events);
    await world.until(() => world.deliveries.length === 2, "the events that were named");
    await world.until(async () => (await bus.lag("task-events", world.group)) === 0, "no lag");
    expect(world.deliveries.map(({ event }) => event.id)).toEqual(
      [events[1], events[3]].map((event) => event?.id ?? ""),
    );
  });

  test("an event of a version that nobody here knows waits alone, its key goes on, and a newer program is given it", async () => {
    await using world = new World(context);
    const key = world.key();
    const unknown = unknownEvent(key);
    const moved = (): CloudEvent => taskEvent("task.moved.v1", { workspace_id: key });
    const [before, after] = [moved(), moved()];
    const bus = await world.consume(undefined, { types });
    await bus.publish("task-events", [before]);
    await world.engine.inject("task-events", key, unknown);
    await bus.publish("task-events", [after]);
    await world.arrived([before, after]);
    await world.until(async () => (await bus.lag("task-events", world.group)) >= 1, "the event to be parked");
    expect(await world.deadLetters(bus)).toEqual([]);
    await bus.stop();
    const seen: AnyEvent[] = [];
    const next = await world.open();
    next.subscribe({ topic: "task-events", group: world.group, types, reads: "envelope", handle: newer(key, seen) });
    await next.start();
    await world.until(() => seen.length === 1, "the event with a program that knows it");
    expect(seen[0]).toMatchObject({ id: unknown.id, data: { any: "thing" } });
    await world.until(async () => (await next.lag("task-events", world.group)) === 0, "no lag");
  });

  test("who needs the envelope alone is given events of unknown types like all others, in their order", async () => {
    await using world = new World(context);
    const key = world.key();
    const seen: AnyEvent[] = [];
    const bus = await world.open();
    bus.subscribe({ topic: "task-events", group: world.group, types, reads: "envelope", handle: newer(key, seen) });
    await bus.start();
    const unknown = unknownEvent(key);
    const after = taskEvent("task.moved.v1", { workspace_id: key });
    await world.engine.inject("task-events", key, unknown);
    await bus.publish("task-events", [after]);
    await world.until(() => seen.length === 2, "both events");
    expect(seen.map(({ id }) => id)).toEqual([unknown.id, after.id]);
  });

  test("an event whose version nobody knew for as long as events are kept is a dead letter", async () => {
    await using world = new World(context);
    const key = world.key();
    const bus = await world.open({ retentionMs: 100 });
    bus.subscribe({ topic: "task-events", group: world.group, types, handle: world.handler() });
    await bus.start();
    await world.engine.inject("task-events", key, unknownEvent(key));
    await world.until(async () => (await world.deadLetters(bus)).length === 1, "the dead letter");
    expect(await world.deadLetters(bus)).toMatchObject([
      { reason: expect.stringContaining("notice.given.v2"), tries: 0 },
    ]);
  });
}
