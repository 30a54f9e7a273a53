import { expect, test } from "bun:test";
import type { Scheduler } from "../port.ts";
import { type Context, untilOver, World } from "./world.ts";

interface Turn {
  readonly process: number;
  readonly from: number;
  to: number;
}

/** Processes whose work comes back, and its turns. */
async function repeating(
  world: World,
  {
    processes,
    everyMs,
    work,
  }: { processes: number; everyMs: number; work: (turn: Turn, over: AbortSignal) => Promise<void> | void },
) {
  const turns: Turn[] = [];
  const schedulers: Scheduler[] = [];
  for (let process = 0; process < processes; process += 1) {
    const scheduler = await world.open();
    scheduler.every(world.kind, everyMs, async (over) => {
      const turn: Turn = { process, from: Date.now(), to: Number.POSITIVE_INFINITY };
      turns.push(turn);
      try {
        await work(turn, over);
      } finally {
        turn.to = Date.now();
      }
    });
    await world.start(scheduler);
    schedulers.push(scheduler);
  }
  return { turns, schedulers };
}

export function repetitionSemantics(context: Context): void {
  test("work that comes back runs at the start and about every period, however many processes want it", async () => {
    await using world = new World(context);
    const begun = Date.now();
    const { turns } = await repeating(world, { processes: 3, everyMs: 2_000, work: () => undefined });
    await world.until(() => turns.length >= 1, "the first turn");
    const first = Date.now() - begun;
    await world.until(() => turns.length >= 4, "four turns");
    expect(first).toBeLessThan(5_000);
    const gaps = turns.slice(1).map(({ from }, index) => from - (turns[index]?.from ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(990);
    expect((turns.at(3)?.from ?? 0) - (turns.at(0)?.from ?? 0)).toBeGreaterThan(4_000);
    expect(Math.max(...gaps)).toBeLessThan(4_500);
  });

  test("work that takes longer than its period is never run twice at the same time", async () => {
    await using world = new World(context);
    const releases: (() => void)[] = [];
    const work = () => new Promise<void>((resolve) => void releases.push(resolve));
    const { turns } = await repeating(world, { processes: 2, everyMs: 1_000, work });
    for (let count = 1; count <= 2; count += 1) {
      await world.until(() => turns.length === count, `turn ${count}`);
      const from = turns[count - 1]?.from ?? 0;
      await world.until(() => Date.now() - from > 2_500, "more than two periods");
      expect(turns).toHaveLength(count);
      releases[count - 1]?.();
    }
    await world.until(() => turns.length >= 3, "the turn after it");
    for (const release of releases) release();
    await world.until(() => releases.length >= turns.length, "all to be released");
    for (const release of releases) release();
    const [first, second] = turns;
    expect(second?.from).toBeGreaterThanOrEqual(first?.to ?? 0);
  });

  test("work that fails is tried again and comes back all the same", async () => {
    await using world = new World(context);
    let failures = 0;
    const work = () => {
      failures += 1;
      if (failures < 3) throw new Error("not yet");
    };
    const { turns } = await repeating(world, { processes: 1, everyMs: 3_000, work });
    await world.until(() => turns.length >= 3, "two failures and a success");
    expect((turns[2]?.from ?? 0) - (turns[0]?.from ?? 0)).toBeLessThan(3_000);
    await world.until(() => turns.length >= 4, "the next turn");
  });

  test("when the process at work is killed, another goes on", async () => {
    await using world = new World(context);
    let victim: number | undefined;
    const work = ({ process }: Turn, over: AbortSignal) => {
      victim ??= process;
      return process === victim ? untilOver(over) : undefined;
    };
    const { turns, schedulers } = await repeating(world, { processes: 2, everyMs: 1_000, work });
    await world.until(() => turns.length > 0, "the first turn");
    const dead = schedulers[victim ?? 0];
    if (dead !== undefined) await world.kill(dead);
    await world.until(() => turns.some(({ process }) => process !== victim), "the other process to go on");
  });

  test("what is no name or no period of work that comes back is refused", async () => {
    await using world = new World(context);
    const scheduler = await world.open();
    const nothing = async () => undefined;
    for (const name of ["", "a:b", "A", "a b"]) expect(() => scheduler.every(name, 1_000, nothing)).toThrow(RangeError);
    for (const everyMs of [999, 1_500.5, Number.POSITIVE_INFINITY]) {
      expect(() => scheduler.every("name", everyMs, nothing)).toThrow(RangeError);
    }
  });

  test("what a process does is told once each, and before it starts", async () => {
    await using world = new World(context);
    const scheduler = await world.process();
    const nothing = async () => undefined;
    expect(() => scheduler.handle(`${world.kind}-late`, nothing)).toThrow("has started");
    expect(() => scheduler.every(`${world.kind}-late`, 1_000, nothing)).toThrow("has started");
    const other = await world.open();
    other.handle("kind", nothing);
    other.every("name", 1_000, nothing);
    expect(() => other.handle("kind", nothing)).toThrow("already has a handler");
    expect(() => other.handle("every", nothing)).toThrow(RangeError);
    expect(() => other.every("name", 1_000, nothing)).toThrow("already comes back");
  });
}
