import { expect, test } from "bun:test";
import { taskEvent } from "@rondo/event/testing";
import { type Context, firstSeen, upTo, World } from "./world.ts";

export function publishSemantics(context: Context): void {
  test("publishing nothing answers nothing", async () => {
    await using world = new World(context);
    const bus = await world.open();
    expect(await bus.publish("task-events", [])).toEqual([]);
  });

  test("each published event has its outcome, in the same order", async () => {
    await using world = new World(context);
    const bus = await world.consume();
    const events = [...world.events(world.key(), 3), ...world.events(world.key(), 3)];
    expect(await bus.publish("task-events", events)).toEqual(events.map(() => "acknowledged"));
    await world.arrived(events);
  });

  test("an event arrives as it was published, with its topic and key", async () => {
    await using world = new World(context);
    const bus = await world.consume();
    const key = world.key();
    const event = taskEvent("task.created.v1", {
      workspace_id: key,
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      task: { title: 'žluťoučký "kůň" 🐎\\', notes: "a\n\tb" },
    });
    await bus.publish("task-events", [event]);
    await world.arrived([event]);
    expect(world.deliveries[0]).toMatchObject({ topic: "task-events", key, attempt: 1 });
    expect(world.deliveries[0]?.event).toMatchObject(event);
  });

  test("an event that is too large or breaks its contract is refused, and the others of the call go through", async () => {
    await using world = new World(context);
    const bus = await world.consume();
    const [first, last, ...rest] = world.events(world.key(), 2);
    if (first === undefined || last === undefined) throw new Error(`${rest.length} events`);
    const changes: Record<string, [unknown, unknown]> = { notes: ["", "x".repeat(1_100_000)] };
    const huge = taskEvent("task.updated.v1", { workspace_id: world.key(), changes });
    const broken = { ...first, id: Bun.randomUUIDv7(), time: "yesterday" };
    const outcomes = await bus.publish("task-events", [first, huge, broken, last]);
    expect(outcomes).toEqual(["acknowledged", "refused", "refused", "acknowledged"]);
    await world.arrived([first, last]);
    expect(world.deliveries.map(({ event }) => event.id)).not.toContain(huge.id);
  });

  test("the same event published twice is delivered twice: making that one effect is the consumer's inbox", async () => {
    await using world = new World(context);
    const bus = await world.consume();
    const events = world.events(world.key(), 1);
    await bus.publish("task-events", events);
    await bus.publish("task-events", events);
    await world.until(() => world.deliveries.length >= 2, "the event and its repetition");
    expect(new Set(world.deliveries.map(({ event }) => event.id)).size).toBe(1);
  });

  test("events of one key keep the order of their publishing over many calls", async () => {
    await using world = new World(context);
    const bus = await world.consume();
    const key = world.key();
    for (let from = 1; from <= 50; from += 10) await bus.publish("task-events", world.events(key, 10, from));
    await world.until(() => firstSeen(world.deliveries, key).length === 50, "50 events");
    expect(firstSeen(world.deliveries, key)).toEqual(upTo(50));
  });

  test("nothing is lost when several processes publish at the same time", async () => {
    await using world = new World(context);
    const bus = await world.consume();
    const publishers = [bus, await world.open(), await world.open()];
    const keys = publishers.map(() => world.key());
    await Promise.all(
      publishers.map(async (publisher, index) => {
        const key = keys[index] ?? "";
        for (let from = 1; from <= 100; from += 5) await publisher.publish("task-events", world.events(key, 5, from));
      }),
    );
    for (const key of keys) {
      await world.until(() => firstSeen(world.deliveries, key).length === 100, "100 events of each publisher");
      expect(firstSeen(world.deliveries, key)).toEqual(upTo(100));
    }
  });

  test("while the engine is away the outcome is unknown, never a throw; published again later it arrives", async () => {
    await using world = new World(context);
    const bus = await world.consume();
    const events = world.events(world.key(), 3);
    const back = await world.engine.interrupt();
    const outcomes = await bus.publish("task-events", events);
    await back();
    expect(outcomes).toEqual(["unknown", "unknown", "unknown"]);
    await world.until(async () => {
      const again = await bus.publish("task-events", events);
      return again.every((outcome) => outcome === "acknowledged");
    }, "the engine to take events again");
    await world.arrived(events);
  });
}
