import fc from "fast-check";
import type { PublishFate } from "../bus_double.ts";
import type { DeliveryFate } from "../group.ts";
import { type Model, pick } from "../model.ts";
import { comeToRest, release } from "../rest.ts";
import type { World } from "../world.ts";
import { type Act, told } from "./command.ts";

const everything = fc.constant(Number.POSITIVE_INFINITY);

const fate: fc.Arbitrary<PublishFate> = fc.record({
  arriving: fc.oneof(everything, everything, fc.nat(8)),
  rest: fc.constantFrom("late", "lost"),
  answer: fc.constantFrom("truth", "truth", "truth", "unknown", "death"),
  doubted: fc.oneof(fc.constant(0), fc.nat(255)),
  refused: fc.oneof({ weight: 9, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat(3) }),
});

const well = fc.constant(undefined);

/** One step, after a pause, with what becomes of it on each topic. */
export const relayStep: fc.Arbitrary<Act> = fc
  .record({
    events: fc.oneof(well, well, fate),
    updates: fc.oneof(well, well, fate),
    pauseMs: fc.constantFrom(0, 20, 1_000, 6_000, 6_000),
  })
  .map((values) => ({
    name: `relay ${told(values)}`,
    async act(_, world) {
      const { events, updates, pauseMs } = values;
      world.relayMs += pauseMs;
      world.bus.destine({ "task-events": events, "task-updates": updates });
      await world.relay();
      world.bus.destine({});
    },
  }));

/** What is left of a relay that did not stop when it should, and the one that took its place. */
const twoRelays: Act = {
  name: "two relays at once",
  async act(_, world) {
    await Promise.all([world.relay(), world.newRelay().step(world.relayMs)]);
  },
};

const fates: readonly DeliveryFate[] = ["answered", "answered", "answered", "answer lost", "twice at once"];
const mixing = fc.array(fc.nat(7), { maxLength: 8 });

/** The next events to one group, or to both at the same time. */
export const delivery: fc.Arbitrary<Act> = fc
  .record({
    groups: fc.constantFrom([0], [1], [0, 1]),
    each: fc.integer({ min: 1, max: 6 }),
    mixing,
    fate: fc.constantFrom(...fates),
    dies: fc.integer({ min: 0, max: 5 }).map((number) => number === 5),
  })
  .map((values) => ({
    name: `deliver ${told(values)}`,
    async act(_, world) {
      if (world.bus.away) return;
      world.effectDies = values.dies;
      const groups = values.groups.map((group) => pick(world.bus.groups, group));
      await Promise.all(groups.map((group) => group.deliver(values.each, values.mixing, values.fate)));
    },
  }));

const repeatedDelivery: fc.Arbitrary<Act> = fc
  .record({ group: fc.nat(1), copies: fc.integer({ min: 1, max: 10 }), calls: fc.integer({ min: 1, max: 4 }), mixing })
  .map((values) => ({
    name: `deliver again ${told(values)}`,
    act: (_, world) => pick(world.bus.groups, values.group).repeat(values.copies, values.calls, values.mixing),
  }));

const parking: fc.Arbitrary<Act> = fc.record({ group: fc.nat(1), next: fc.nat(3) }).map((values) => ({
  name: `park ${told(values)}`,
  act: async (_, world) => pick(world.bus.groups, values.group).park(values.next),
}));

const happenings: readonly Act[] = [
  { name: "the relay dies", act: async (_, world) => world.restartRelay() },
  { name: "the engine is away", act: async (_, { bus }) => setAway(bus, true) },
  { name: "the engine is back", act: async (_, { bus }) => setAway(bus, false) },
  { name: "late events arrive", act: async (_, { bus }) => bus.arriveLate() },
  { name: "refused events are released", act: (_, world) => release(world) },
  { name: "the trail's dead letters are replayed", act: (_, { bus }) => pick(bus.groups, 0).replay() },
  { name: "the tally's dead letters are replayed", act: (_, { bus }) => pick(bus.groups, 1).replay() },
  twoRelays,
];

function setAway(bus: World["bus"], away: boolean): void {
  bus.away = away;
}

export const happening: fc.Arbitrary<Act> = fc.oneof(repeatedDelivery, parking, fc.constantFrom(...happenings));

export const rest: Act = { name: "rest", act: (model: Model, world: World) => comeToRest(model, world) };
