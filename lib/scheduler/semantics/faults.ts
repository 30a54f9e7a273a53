import { expect, test } from "bun:test";
import { type Context, World } from "./world.ts";

export function faultSemantics(context: Context): void {
  test.each(["stop", "kill"] as const)(
    "jobs survive a %s of the engine: overdue ones run late, later ones at their moment, each once",
    async (how) => {
      await using world = new World(context);
      const scheduler = await world.process();
      const overdue = Array.from({ length: 10 }, (_, index) => world.job(`overdue-${index}`, 1_000));
      for (const job of overdue) await scheduler.schedule(job);
      const moved = world.job("moved", 1_000);
      await scheduler.schedule(moved);
      const back = await world.engine.interrupt(how);
      const due = Math.max(...overdue.map(({ at }) => Date.parse(at)));
      await world.until(() => Date.now() > due + 300, "the jobs to be overdue");
      expect(world.calls).toEqual([]);
      await back();
      await world.called(...overdue, moved);
      const later = world.job("later", 500);
      await scheduler.schedule(later);
      await world.called(later);
      await world.pass(scheduler, 1_000);
      for (const job of [...overdue, moved, later]) {
        expect(world.callsOf(job)).toHaveLength(1);
        expect(world.callsOf(job)[0]?.calledAt).toBeGreaterThanOrEqual(Date.parse(job.at));
      }
    },
  );

  test("while the engine is away scheduling and cancelling fail in time, and work again when it is back", async () => {
    await using world = new World(context);
    const scheduler = await world.process();
    const job = world.job("away", 0);
    const back = await world.engine.interrupt("stop");
    const begun = performance.now();
    const outcomes = await Promise.allSettled([scheduler.schedule(job), scheduler.cancel(`${world.kind}:other`)]);
    const tookMs = performance.now() - begun;
    await back();
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(tookMs).toBeLessThan(5_000);
    await world.until(() => scheduler.schedule(job).then(() => true), "the engine to take jobs again");
    await world.called(job);
    await world.pass(scheduler, 500);
    expect(world.callsOf(job)).toHaveLength(1);
  });

  test("a process that starts while the engine is away gets its jobs and its turns when the engine is back", async () => {
    await using world = new World(context);
    const before = await world.process();
    const job = world.job("waiting", 800);
    await before.schedule(job);
    await before.stop();
    const late = await world.open();
    let turns = 0;
    late.every(world.kind, 1_000, async () => {
      turns += 1;
    });
    late.handle(world.kind, async (called) => {
      world.calls.push({ ...called, calledAt: Date.now(), process: 1 });
    });
    const back = await world.engine.interrupt("stop");
    await late.start();
    await back();
    await world.called(job);
    await world.until(() => turns >= 2, "two turns");
  });
}
