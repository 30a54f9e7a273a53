import { afterAll, beforeAll, expect, test } from "bun:test";
import { done } from "@rondo/bus";
import { lookForBreach, readReplay } from "./testing/model/run.ts";
import { Stage } from "./testing/model/stage.ts";
import type { Consumer } from "./testing/model/world.ts";

/** Some 13,000 steps: 30 to 80 s on two cores that have three to four times too much to do. */
const defaultRuns = 500;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

test("whatever is interleaved, crashes, comes twice or out of order: what product.md promises is true", async () => {
  const { RONDO_MODEL_REPLAY: replay, RONDO_MODEL_RUNS: runs = defaultRuns } = process.env;
  const search = { ...readReplay(replay), runs: Number(runs) };
  say(`the model test begins: RONDO_MODEL_REPLAY=${replay ?? search.seed} does the same again`);
  const { interleavings, steps, breach } = await lookForBreach(stage, search);
  say(`${interleavings} interleavings, ${steps} steps`);
  expect(breach).toBeUndefined();
});

test("an effect that comes twice is found, told step by step, and found again by what the failure names", async () => {
  const forgetful: Consumer = ({ sql }) => ({
    topic: "task-events",
    types: ["*"],
    group: "forgetful",
    async handle(deliveries) {
      const effects = deliveries.map(({ event }) => ({ event_id: event.id, workspace_id: event.workspaceid }));
      await sql`insert into tally.effect ${sql(effects)}`;
      return deliveries.map(() => done);
    },
  });
  const { breach = "nothing" } = await lookForBreach(stage, {
    ...readReplay(undefined),
    runs: 200,
    consumer: forgetful,
  });
  const broken = "Broken: however often it is delivered, an event has its effect once";
  expect(breach).toContain(broken);
  const [, story, replay] = /\nafter\n(.*)\nagain: RONDO_MODEL_REPLAY='(.*)'$/s.exec(breach) ?? [];
  expect(story).toMatch(/^ {2}\w/);
  const again = await lookForBreach(stage, { ...readReplay(replay), runs: 1, consumer: forgetful });
  expect(again.breach).toContain(broken);
  expect(again.breach).toContain(story ?? "a story");
});

test("what is neither a seed nor a failure's name is refused", () => {
  expect(() => readReplay("the last one")).toThrow("no seed");
  expect(readReplay("-5")).toEqual({ seed: -5 });
  expect(readReplay("7/1:2/AB:C")).toEqual({ seed: 7, path: "1:2", replayPath: "AB:C" });
});

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
