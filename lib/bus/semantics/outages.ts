import { expect, test } from "bun:test";
import { done, unavailable } from "../port.ts";
import { type Context, firstSeen, testPolicy, upTo, World } from "./world.ts";

/** Far longer than an event is tried by the policy of the tests. */
const outageMs = 5 * testPolicy.tries * testPolicy.longestPauseMs;

/** Something that handlers need, with a probe that says whether it is there. */
function dependency() {
  let [isAway, asked] = [false, 0];
  return {
    set: (away: boolean) => {
      isAway = away;
      asked = 0;
    },
    use: () => {
      if (isAway) throw new Error("it is away");
    },
    isAway: () => isAway,
    asked: () => asked,
    probe: async () => {
      asked += 1;
      if (isAway) throw new Error("it is away");
    },
  };
}

export function outageSemantics(context: Context): void {
  test.each([
    ["throws", () => Promise.reject(new Error("it is away"))],
    ["answers unavailable", () => Promise.resolve(unavailable("it is away"))],
  ])(
    "while what a handler needs is away, and the handler %s, the group pauses: no try is counted, nothing is given up or lost",
    async (_, fail) => {
      await using world = new World(context);
      const api = dependency();
      const bus = await world.consume(() => (api.isAway() ? fail() : done), { probe: api.probe });
      const keys = [world.key(), world.key(), world.key()];
      const publish = (first: number) =>
        bus.publish(
          "task-events",
          keys.flatMap((key) => world.events(key, 3, first)),
        );
      await publish(1);
      await world.until(() => keys.every((key) => firstSeen(world.deliveries, key).length === 3), "the first events");
      api.set(true);
      const began = performance.now();
      await publish(4);
      await world.until(
        () => api.asked() > 10 && performance.now() - began > outageMs,
        "an outage longer than the policy",
      );
      await publish(7);
      const tried = world.deliveries.length;
      api.set(false);
      await world.until(() => world.deliveries.length >= tried + 18, "what was published meanwhile");
      await world.until(async () => (await bus.lag("task-events", world.group)) === 0, "no lag");
      for (const key of keys) expect(firstSeen(world.deliveries, key)).toEqual(upTo(9));
      expect(world.deliveries.every(({ attempt }) => attempt === 1)).toBe(true);
      expect(await world.deadLetters(bus)).toEqual([]);
    },
  );

  test("while the group's database is away, for longer than the policy, nothing is given up or lost", async () => {
    await using world = new World(context);
    const database = dependency();
    const bus = await world.consume(async () => {
      database.use();
      return done;
    });
    const keys = Array.from({ length: 4 }, () => world.key());
    await bus.publish(
      "task-events",
      keys.flatMap((key) => world.events(key, 20)),
    );
    await world.until(() => world.deliveries.length > 0, "the first events");
    database.set(true);
    const back = await world.engine.interruptDatabase();
    const began = performance.now();
    const more = keys.flatMap((key) => world.events(key, 5, 21));
    await world.until(() => performance.now() - began > outageMs, "an outage longer than the policy");
    database.set(false);
    await back();
    await world.until(
      async () => (await bus.publish("task-events", more)).every((one) => one === "acknowledged"),
      "the engine",
    );
    await world.arrived(more);
    await world.until(async () => (await bus.lag("task-events", world.group)) === 0, "no lag");
    for (const key of keys) expect(firstSeen(world.deliveries, key)).toEqual(upTo(25));
    expect(await world.deadLetters(bus)).toEqual([]);
  });

  test("an outage that no probe confirms is the event's own failure, and its tries are counted", async () => {
    await using world = new World(context);
    const bad = world.key();
    const bus = await world.consume(({ key }) => (key === bad ? unavailable("so it says") : done));
    const clean = world.events(world.key(), 3);
    await bus.publish("task-events", [...world.events(bad, 1), ...clean]);
    await world.arrived(clean);
    await world.until(async () => (await world.deadLetters(bus)).length === 1, "the dead letter");
    expect(await world.deadLetters(bus)).toMatchObject([{ reason: "so it says", tries: testPolicy.tries }]);
  });
}
