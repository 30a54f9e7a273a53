import { expect, test } from "bun:test";
import { type Context, World } from "./world.ts";

/** Both engines take some milliseconds; a machine that is busy with other tests may need more. */
const latestMs = 2_000;

export function scheduleSemantics(context: Context): void {
  test("a job runs once, at its moment and not before, with its name, moment and data", async () => {
    await using world = new World(context);
    const scheduler = await world.process();
    const data = { text: 'žluťoučký "kůň" 🐎\\', list: [1, 2.5, null, true], nothing: {} };
    const jobs = [300, 700, 1_100, 1_500].map((ms) => world.job(`at-${ms}`, ms, data));
    for (const job of jobs) await scheduler.schedule(job);
    await world.called(...jobs);
    await world.pass(scheduler, 500);
    for (const job of jobs) {
      const [call, ...more] = world.callsOf(job);
      expect(more).toEqual([]);
      expect(call).toMatchObject(job);
      const lateMs = (call?.calledAt ?? 0) - Date.parse(job.at);
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(latestMs);
    }
  });

  test("the moment may be written in any zone, and is handed on in UTC", async () => {
    await using world = new World(context);
    const scheduler = await world.process();
    const job = { ...world.job("zoned", 0), at: "2020-02-29T23:30:00+05:30" };
    await scheduler.schedule(job);
    await world.called(job);
    expect(world.calls[0]?.at).toBe("2020-02-29T18:00:00.000Z");
  });

  test("a job whose moment has passed runs at once", async () => {
    await using world = new World(context);
    const scheduler = await world.process();
    const job = world.job("past", -86_400_000);
    const begun = Date.now();
    await scheduler.schedule(job);
    await world.called(job);
    expect((world.calls[0]?.calledAt ?? 0) - begun).toBeLessThan(latestMs);
  });

  test("a job that is scheduled under a taken name replaces what was there, be it earlier or later", async () => {
    await using world = new World(context);
    const scheduler = await world.process();
    const [early, late] = [world.job("a", 3_000, { n: 1 }), world.job("a", 3_600, { n: 2 })];
    await scheduler.schedule(early);
    await scheduler.schedule(late);
    const [later, sooner] = [world.job("b", 60_000, { n: 1 }), world.job("b", 500, { n: 2 })];
    await scheduler.schedule(later);
    await scheduler.schedule(sooner);
    await world.called(late, sooner);
    await world.pass(scheduler, 300);
    expect(world.callsOf(late)).toMatchObject([late]);
    expect(world.callsOf(sooner)).toMatchObject([sooner]);
  });

  test("a job can be scheduled anew under its own name from within its handler", async () => {
    await using world = new World(context);
    const moments: string[] = [];
    const scheduler = await world.process(async (job) => {
      if (job.name.includes("mark")) return;
      moments.push(job.at);
      const again = { ...job, at: new Date(Date.parse(job.at) + 300).toISOString() };
      if (moments.length < 3) await scheduler.schedule(again);
    });
    const job = world.job("again", 100);
    await scheduler.schedule(job);
    await world.until(() => moments.length === 3, "three runs");
    await world.pass(scheduler, 500);
    const first = Date.parse(job.at);
    expect(moments.map((at) => Date.parse(at) - first)).toEqual([0, 300, 600]);
  });

  test("a cancelled job does not run, and cancelling what is not there is fine", async () => {
    await using world = new World(context);
    const scheduler = await world.process();
    const job = world.job("cancelled", 3_000);
    await scheduler.schedule(job);
    await scheduler.cancel(job.name);
    await scheduler.cancel(job.name);
    await scheduler.cancel(`${world.kind}:never-there`);
    await world.pass(scheduler, 3_600);
    expect(world.callsOf(job)).toEqual([]);
  });

  test("what is done for a name and moment is not done again when somebody schedules it again", async () => {
    await using world = new World(context);
    const scheduler = await world.process();
    const job = world.job("twice", 50);
    await scheduler.schedule(job);
    await world.called(job);
    await world.pass(scheduler, 200);
    await scheduler.schedule({ ...job, data: { again: true } });
    await world.pass(scheduler, 500);
    expect(world.callsOf(job)).toHaveLength(1);
    const other = world.job("twice", 50);
    await scheduler.schedule(other);
    await world.until(() => world.callsOf(job).length === 2, "the same name at another moment");
  });

  test("what is no name of a job or no moment is refused", async () => {
    await using world = new World(context);
    const scheduler = await world.open();
    const names = ["", "Reminder:1", "reminder:a/b", "reminder:a.b", "reminder:", ":a", "a".repeat(201), "every:hour"];
    const moments = ["2026-01-31", "2026-01-31T08:00:00", "tomorrow", "2026-13-31T08:00:00Z", "20260131T080000Z"];
    const right = world.job("right", 0);
    for (const wrong of [...names.map((name) => ({ name })), ...moments.map((at) => ({ at }))]) {
      await expect(scheduler.schedule({ ...right, ...wrong })).rejects.toBeInstanceOf(RangeError);
    }
    for (const name of names) await expect(scheduler.cancel(name)).rejects.toBeInstanceOf(RangeError);
  });

  test("the longest name and everything that a name may have are taken", async () => {
    await using world = new World(context);
    const scheduler = await world.process();
    const what = "a-_:b::c--d__e:9".padEnd(200 - world.kind.length - 1, "z");
    const job = world.job(what, 0);
    await scheduler.schedule(job);
    await world.called(job);
  });
}
