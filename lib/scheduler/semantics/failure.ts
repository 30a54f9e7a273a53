import { expect, test } from "bun:test";
import { type Context, testBackoff, World } from "./world.ts";

export function failureSemantics(context: Context): void {
  test("a job that fails is tried again, after pauses that grow, until it succeeds, and then no more", async () => {
    await using world = new World(context);
    let failures = 0;
    const scheduler = await world.process((job) => {
      if (job.name.includes("mark") || failures === 3) return;
      failures += 1;
      throw new Error("not yet");
    });
    const job = world.job("failing", 0);
    await scheduler.schedule(job);
    await world.until(() => world.callsOf(job).length === 4, "three failures and a success");
    await world.pass(scheduler, 1_500);
    const calls = world.callsOf(job);
    expect(calls).toHaveLength(4);
    for (const [index, call] of calls.entries()) {
      const pauseMs = Math.min(testBackoff.longestPauseMs, testBackoff.firstPauseMs * 2 ** (index - 1));
      const before = calls[index - 1];
      if (before !== undefined) expect(call.calledAt - before.calledAt).toBeGreaterThanOrEqual(pauseMs);
    }
  });

  test("a job that fails for ever holds back no other, and can be replaced and cancelled", async () => {
    await using world = new World(context);
    const scheduler = await world.process((job) => {
      if (job.data.poison === true) throw new Error("poisoned");
    });
    const [bad, worse] = [world.job("bad", 0, { poison: true }), world.job("worse", 0, { poison: true })];
    await scheduler.schedule(bad);
    await scheduler.schedule(worse);
    await world.until(() => world.callsOf(bad).length > 1 && world.callsOf(worse).length > 1, "two tries of each");
    const good = Array.from({ length: 20 }, (_, index) => world.job(`good-${index}`, 100));
    for (const job of good) await scheduler.schedule(job);
    await world.called(...good);
    await scheduler.cancel(worse.name);
    const replaced = world.job("bad", 100);
    await scheduler.schedule(replaced);
    await world.until(() => world.callsOf(bad).some(({ at }) => at === replaced.at), "what replaced it");
    const before = world.callsOf(worse).length;
    await world.pass(scheduler, 3_000);
    // One try may have been under way when it was cancelled.
    expect(world.callsOf(worse).length).toBeLessThanOrEqual(before + 1);
    expect(world.callsOf(bad).at(-1)?.at).toBe(replaced.at);
  });
}
