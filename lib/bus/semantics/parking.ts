import { expect, test } from "bun:test";
import { type Delivery, done, failed, type Outcome } from "../port.ts";
import { type Context, firstSeen, testPolicy, upTo, versionOf, World } from "./world.ts";

/** So long that nothing is tried again while a test looks. */
const patient = { firstPauseMs: 600_000, longestPauseMs: 600_000 };

export function parkingSemantics(context: Context): void {
  test("an event that fails holds back its own key only: everything else goes on, and only its key is left behind", async () => {
    await using world = new World(context);
    const bad = world.key();
    const bus = await world.consume(({ key }) => (key === bad ? failed("poisoned") : done), { policy: patient });
    const clean = () => Array.from({ length: 12 }, () => world.events(world.key(), 3)).flat();
    const first = clean();
    await bus.publish("task-events", [...world.events(bad, 2), ...first]);
    await world.arrived(first);
    const second = clean();
    await bus.publish("task-events", [...world.events(bad, 2, 3), ...second]);
    await world.arrived(second);
    await world.until(async () => (await bus.lag("task-events", world.group)) === 4, "all but the key to be settled");
    expect(firstSeen(world.deliveries, bad)).toEqual([1]);
  });

  test("what follows a parked event is parked behind it, and all of it is tried in order when the event succeeds", async () => {
    await using world = new World(context);
    let healed = false;
    const key = world.key();
    const policy = { ...testPolicy, tries: 1_000 };
    const bus = await world.consume((delivery) => (healed || versionOf(delivery) !== 1 ? done : failed("not yet")), {
      policy,
    });
    for (const version of [1, 2, 3]) await bus.publish("task-events", world.events(key, 1, version));
    await world.until(async () => (await bus.lag("task-events", world.group)) === 3, "three events to be parked");
    expect(firstSeen(world.deliveries, key)).toEqual([1]);
    healed = true;
    await world.until(async () => (await bus.lag("task-events", world.group)) === 0, "no lag");
    await bus.publish("task-events", world.events(key, 2, 4));
    await world.until(() => firstSeen(world.deliveries, key).length === 5, "the later events");
    expect(firstSeen(world.deliveries, key)).toEqual(upTo(5));
  });

  test("failed tries are counted over restarts, and what waits behind still comes after", async () => {
    await using world = new World(context);
    const key = world.key();
    const answer = (delivery: Delivery): Outcome => (versionOf(delivery) === 1 ? failed("the reason") : done);
    const policy = { ...testPolicy, firstPauseMs: 400, longestPauseMs: 400 };
    const first = await world.consume(answer, { policy });
    const events = world.events(key, 4);
    await first.publish("task-events", events);
    await world.until(() => world.deliveries.length > 0, "a try");
    await first.stop();
    const second = await world.consume(answer, { policy });
    await world.arrived(events);
    await world.until(async () => (await world.deadLetters(second)).length === 1, "the dead letter");
    expect(await world.deadLetters(second)).toMatchObject([{ tries: 3, reason: "the reason" }]);
    expect(world.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1, 1, 1]);
    expect(firstSeen(world.deliveries, key)).toEqual(upTo(4));
  });

  test("a handler that throws because of one event fails for that one only", async () => {
    await using world = new World(context);
    const bad = world.key();
    const handle = world.handler();
    const bus = await world.open();
    bus.subscribe({
      topic: "task-events",
      types: ["task.*"],
      group: world.group,
      handle: async (deliveries) => {
        if (deliveries.some(({ key }) => key === bad)) throw new Error("poisoned");
        return await handle(deliveries);
      },
    });
    await bus.start();
    const clean = Array.from({ length: 30 }, () => world.events(world.key(), 2));
    await bus.publish("task-events", [
      ...clean.slice(0, 15).flat(),
      ...world.events(bad, 1),
      ...clean.slice(15).flat(),
    ]);
    await world.arrived(clean.flat());
    await world.until(async () => (await world.deadLetters(bus)).length === 1, "the dead letter");
    expect(await world.deadLetters(bus)).toMatchObject([
      { key: bad, reason: "Error: poisoned", tries: testPolicy.tries },
    ]);
    expect(world.deliveries.every(({ attempt }) => attempt === 1)).toBe(true);
  });

  test("what a process had begun to try when it was killed, another one tries", async () => {
    await using world = new World(context);
    const begun = Promise.withResolvers<void>();
    const victim = await world.consume(({ attempt }) => {
      if (attempt === 1) return failed("not yet");
      begun.resolve();
      return new Promise<Outcome>(() => undefined);
    });
    const events = world.events(world.key(), 2);
    await victim.publish("task-events", events);
    await begun.promise;
    await world.kill(victim);
    const other = await world.consume();
    await world.arrived(events);
    await world.until(async () => (await other.lag("task-events", world.group)) === 0, "no lag");
    expect(await world.deadLetters(other)).toEqual([]);
  });

  test("whatever an event or the error about it holds, it is parked and given up, and its partition goes on", async () => {
    await using world = new World(context);
    const bad = world.key();
    const bus = await world.consume(({ key, event }) => {
      if (key !== bad) return done;
      if (event.subject === "refused") return { result: "refused", reason: "half of a pair: \ud83d, and \0" };
      return failed(`${"x".repeat(499)}🐎 \0`);
    });
    const odd = ["failed", "refused"].map((subject) => ({
      ...world.events(bad, 1)[0],
      id: Bun.randomUUIDv7(),
      subject,
      data: { ...world.events(bad, 1)[0]?.data, changes: { title: ["", "\0 \ud83d"] } },
    }));
    for (const event of odd) await world.engine.inject("task-events", bad, event);
    const clean = Array.from({ length: 12 }, () => world.events(world.key(), 1)).flat();
    await bus.publish("task-events", clean);
    await world.arrived(clean);
    await world.until(async () => (await world.deadLetters(bus)).length === 2, "the dead letters");
  });
}
