import { afterAll, beforeAll, expect, test } from "bun:test";
import { lookForBreach, readReplay } from "./testing/model/run.ts";
import { Stage } from "./testing/model/stage.ts";

/** Some 25,000 steps: a minute on two cores that have three times too much to do. */
const defaultRuns = 1_000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
}, 60_000);
afterAll(() => stage.close());

test("whatever is interleaved, crashes, comes twice or out of order: what product.md promises is true", async () => {
  const { RONDO_MODEL_REPLAY: replay, RONDO_MODEL_RUNS: runs = defaultRuns } = process.env;
  const search = { ...readReplay(replay), runs: Number(runs) };
  say(`the model test begins: RONDO_MODEL_REPLAY=${replay ?? search.seed} does the same again`);
  const { interleavings, steps, breach } = await lookForBreach(stage, search);
  say(`${interleavings} interleavings, ${steps} steps`);
  expect(breach).toBeUndefined();
}, 300_000);

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
