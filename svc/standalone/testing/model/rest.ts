import { refusedEvents, releaseRefused } from "@rondo/outbox";
import { endSlowWrite } from "./commands/slow.ts";
import { checkAtRest } from "./invariants.ts";
import type { Model } from "./model.ts";
import type { World } from "./world.ts";

/** So many turns drain any backlog of an interleaving, unless something never comes to rest. */
const mostTurns = 100;

/** Everything heals, everybody does what is left to do; then what was promised must be true. */
export async function comeToRest(model: Model, world: World): Promise<void> {
  world.bus.heal();
  world.effectDies = false;
  await endSlowWrite(model, world);
  await drainOutbox(world);
  world.publications.check(model, world.bus);
  for (const group of world.bus.groups) {
    for (let turn = 0; !group.isAtEnd && turn < mostTurns; turn += 1) {
      await group.replay();
      await group.deliver(100, [], "answered");
    }
    if (!group.isAtEnd) throw new Error(`Broken: ${group.name} never comes to the end of its events`);
  }
  await checkAtRest(model, world);
}

/** What could not be published is tried again after this at the latest. */
const longestPauseMs = 2_000;

async function drainOutbox(world: World): Promise<void> {
  await release(world);
  for (let turn = 0; turn < mostTurns; turn += 1) {
    world.relayMs += longestPauseMs;
    if ((await world.relay()) === 0) return;
  }
}

/** As an operator does for what the engine refused. */
export async function release({ stage }: World): Promise<void> {
  const { sql } = stage.database;
  const ids = (await refusedEvents(sql, "api")).map(({ id }) => id);
  if (ids.length > 0) await releaseRefused(sql, "api", ids);
}
