import { expect, test } from "bun:test";
import { type Context, untilOver, World } from "./world.ts";

export function processSemantics(context: Context): void {
  test("of many jobs at the same moment each runs once, in one of several processes", async () => {
    await using world = new World(context);
    const schedulers = [await world.process(), await world.process(), await world.process()];
    const at = new Date(Date.now() + 1_500).toISOString();
    const jobs = Array.from({ length: 300 }, (_, index) => ({ ...world.job(`many-${index}`, 0), at }));
    await Promise.all(jobs.map((job, index) => schedulers[index % 3]?.schedule(job)));
    await world.called(...jobs);
    const [first] = schedulers;
    if (first !== undefined) await world.pass(first, 500);
    for (const job of jobs) expect(world.callsOf(job)).toHaveLength(1);
    expect(Math.min(...world.calls.map(({ calledAt }) => calledAt))).toBeGreaterThanOrEqual(Date.parse(at));
  });

  test("a job that a process without handlers schedules runs where there is one", async () => {
    await using world = new World(context);
    await world.process();
    const client = await world.open();
    await client.start();
    const job = world.job("elsewhere", 1_000);
    await client.schedule(job);
    await world.called(job);
    expect((world.calls[0]?.calledAt ?? 0) - Date.parse(job.at)).toBeLessThan(2_000);
  });

  test("while one process is at a job no other runs it, however long it takes, and afterwards neither", async () => {
    await using world = new World(context);
    const release = Promise.withResolvers<void>();
    const long = world.job("long", 0);
    const answer = async ({ name }: { name: string }) => (name === long.name ? release.promise : undefined);
    const first = await world.process(answer);
    await world.process(answer);
    await first.schedule(long);
    await world.called(long);
    // Longer than a lease.
    await world.pass(first, 6_500);
    expect(world.callsOf(long)).toHaveLength(1);
    release.resolve();
    await world.pass(first, 3_000);
    expect(world.callsOf(long)).toHaveLength(1);
  });

  test("when the process that runs a job is killed, another runs it again", async () => {
    await using world = new World(context);
    const job = world.job("killed", 300);
    let victim: number | undefined;
    const answer = async ({ name }: { name: string }, process: number, over: AbortSignal) => {
      if (name !== job.name) return;
      victim ??= process;
      if (victim === process) await untilOver(over);
    };
    const schedulers = [await world.process(answer), await world.process(answer)];
    await schedulers[0]?.schedule(job);
    await world.called(job);
    const [dead, alive] = victim === 0 ? schedulers : schedulers.toReversed();
    if (dead === undefined || alive === undefined) throw new Error("two processes");
    await world.kill(dead);
    await world.until(() => world.callsOf(job).length === 2, "the other process to take over");
    await world.pass(alive, 1_500);
    expect(world.callsOf(job).map(({ process }) => process === victim)).toEqual([true, false]);
  });

  test("stop tells the job under way, waits for it, and what became due afterwards runs in the next process", async () => {
    await using world = new World(context);
    const begun = Promise.withResolvers<AbortSignal>();
    const release = Promise.withResolvers<void>();
    const first = await world.process(async (_, __, over) => {
      begun.resolve(over);
      await release.promise;
    });
    const [now, later] = [world.job("now", 0), world.job("later", 1_000)];
    await first.schedule(now);
    const over = await begun.promise;
    await first.schedule(later);
    expect(over.aborted).toBe(false);
    let stopped = false;
    const stopping = first.stop().then(() => {
      stopped = true;
    });
    await world.until(() => over.aborted, "the job to be told");
    expect(stopped).toBe(false);
    release.resolve();
    await stopping;
    await world.until(() => Date.now() > Date.parse(later.at) + 200, "the second job to be overdue");
    expect(world.callsOf(later)).toEqual([]);
    const second = await world.process();
    await world.called(later);
    await world.pass(second, 1_500);
    expect(world.callsOf(now)).toHaveLength(1);
    expect(world.callsOf(later)).toHaveLength(1);
  });

  test("a job whose kind this process does not know waits for one that does", async () => {
    await using world = new World(context);
    const old = await world.open();
    old.handle("another-kind", async () => undefined);
    await world.start(old);
    const job = world.job("new-kind", 0);
    await old.schedule(job);
    await old.stop();
    await world.process();
    await world.called(job);
    expect(world.callsOf(job)).toMatchObject([job]);
  });
}
