import { expect, test } from "bun:test";
import type { BusAdmin, Delivery, Outcome } from "../port.ts";
import { done, failed, refused } from "../port.ts";
import { type Context, firstSeen, testPolicy, upTo, versionOf, World } from "./world.ts";

async function letters(world: World, bus: BusAdmin, count: number) {
  await world.until(async () => (await world.deadLetters(bus)).length === count, `${count} dead letters`);
  return await world.deadLetters(bus);
}

export function deadLetterSemantics(context: Context): void {
  test("after its tries an event goes to the dead letters with reason, tries and times, and its key goes on", async () => {
    await using world = new World(context);
    const bus = await world.consume((delivery) => (versionOf(delivery) === 2 ? failed("the reason") : done));
    const key = world.key();
    const events = world.events(key, 5);
    await bus.publish("task-events", events);
    await world.arrived(events);
    expect(firstSeen(world.deliveries, key)).toEqual(upTo(5));
    const [letter] = await letters(world, bus, 1);
    const { tries } = testPolicy;
    expect(letter).toMatchObject({ topic: "task-events", group: world.group, key, reason: "the reason", tries });
    expect(letter?.event).toMatchObject({ id: events[1]?.id });
    expect(Date.parse(letter?.last_failed_at ?? "")).toBeGreaterThan(Date.parse(letter?.first_failed_at ?? ""));
    expect(world.deliveries.filter((delivery) => versionOf(delivery) === 2)).toHaveLength(tries);
  });

  test("a refused event is a dead letter at once", async () => {
    await using world = new World(context);
    const bus = await world.consume((delivery) => (versionOf(delivery) === 1 ? refused("no use") : done));
    const events = world.events(world.key(), 2);
    await bus.publish("task-events", events);
    await world.arrived(events);
    expect(await letters(world, bus, 1)).toMatchObject([{ reason: "no use", tries: 1 }]);
    expect(world.deliveries).toHaveLength(2);
  });

  test("a malformed event is a dead letter with its reason, the handler is spared, and the key goes on", async () => {
    await using world = new World(context);
    const bus = await world.consume();
    const key = world.key();
    const events = world.events(key, 2);
    await bus.publish("task-events", events.slice(0, 1));
    await world.engine.inject("task-events", key, { id: 7, traceparent: { not: "a string" } });
    await bus.publish("task-events", events.slice(1));
    await world.arrived(events);
    const [letter] = await letters(world, bus, 1);
    expect(letter?.reason).toContain("must be");
    expect(world.deliveries).toHaveLength(2);
  });

  test("a dead letter that is replayed goes to the group that gave it up and to no other", async () => {
    await using world = new World(context);
    let healed = false;
    const other: Delivery[] = [];
    const bus = await world.open();
    const answer = (): Outcome => (healed ? done : refused("not healed"));
    bus.subscribe({ topic: "task-events", types: ["task.*"], group: world.group, handle: world.handler(answer) });
    bus.subscribe({
      topic: "task-events",
      types: ["task.*"],
      group: `${world.group}-b`,
      handle: world.handler(undefined, other),
    });
    await bus.start();
    const events = world.events(world.key(), 3);
    await bus.publish("task-events", events);
    const dead = await letters(world, bus, 3);
    await world.arrived(events, other);
    healed = true;
    expect(await bus.replay(dead.map(({ id }) => id))).toBe(3);
    await world.until(() => world.deliveries.length === 6, "the replayed events");
    await world.until(async () => (await bus.lag("task-events", world.group)) === 0, "no lag");
    expect(await world.deadLetters(bus)).toEqual([]);
    expect(other).toHaveLength(3);
  });

  test("a replayed event that fails again has all its tries before it dies again", async () => {
    await using world = new World(context);
    let first = true;
    const bus = await world.consume(() => (first ? refused("at first") : failed("again")));
    await bus.publish("task-events", world.events(world.key(), 1));
    const dead = await letters(world, bus, 1);
    first = false;
    await bus.replay(dead.map(({ id }) => id));
    await world.until(() => world.deliveries.length === 1 + testPolicy.tries, "the tries of the replay");
    expect(await letters(world, bus, 1)).toMatchObject([{ reason: "again", tries: testPolicy.tries }]);
  });

  test("dead letters can be asked for by topic and group, few at a time, and dropped for good", async () => {
    await using world = new World(context);
    const bus = await world.consume(() => refused("no use"));
    await bus.publish("task-events", world.events(world.key(), 5));
    const all = await letters(world, bus, 5);
    const asked = { topic: "task-events", group: world.group } as const;
    expect(await bus.deadLetters({ ...asked, limit: 2 })).toHaveLength(2);
    expect(await bus.deadLetters({ ...asked, topic: "task-updates" })).toEqual([]);
    expect(await bus.deadLetters({ ...asked, group: "nobody" })).toEqual([]);
    expect(await bus.drop(all.slice(0, 2).map(({ id }) => id))).toBe(2);
    expect(await world.deadLetters(bus)).toEqual(all.slice(2));
    expect(await bus.drop(["no such id", ""])).toBe(0);
    expect(await bus.replay(["no such id", ""])).toBe(0);
  });
}
