import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { describeWith, waitFor } from "@rondo/testing";
import { putRepeating } from "./dapr/jobs_api.ts";
import { type DaprEngine, startDaprEngine } from "./dapr.fixture.ts";
import { schedulerSemantics } from "./semantics.ts";

describeWith(["daprd", "scheduler"], "Dapr's Jobs API", () => {
  schedulerSemantics("Dapr", { makeEngine: startDaprEngine, patienceMs: 40_000 });

  describe("with its own ways", () => {
    let engine: DaprEngine;
    beforeAll(async () => {
      engine = await startDaprEngine({ firstPauseMs: 200, longestPauseMs: 1_000 });
    });
    afterAll(() => engine.close());

    test("when the sidecar is killed, a job under way goes to its end, comes again when it is back, and is not done again", async () => {
      const process = await engine.open("midst");
      const { scheduler, metrics } = process;
      const release = Promise.withResolvers<void>();
      let calls = 0;
      scheduler.handle("kind", async () => {
        calls += 1;
        await release.promise;
      });
      await scheduler.start();
      await process.ready();
      await scheduler.schedule({ name: "kind:midst", at: new Date().toISOString(), data: {} });
      await waitFor(() => calls === 1, { what: "the job to begin" });
      const restart = await process.killSidecar();
      await restart();
      release.resolve();
      const repeated = async () => (await metrics.render()).includes('rondo_jobs_repeated_total{kind="kind"} 1');
      await waitFor(repeated, { what: "the job to come again" });
      expect(calls).toBe(1);
      await scheduler.stop();
      await process.close();
    });

    test("asking for calls that are there already changes nothing", async () => {
      const process = await engine.open("asking");
      const { scheduler, sidecar } = process;
      let turns = 0;
      scheduler.every("chore", 1_000, async () => {
        turns += 1;
      });
      await scheduler.start();
      await process.ready();
      await waitFor(() => turns === 1, { what: "the first turn" });
      await putRepeating(sidecar, "every:chore", { everyMs: 3_600_000, now: new Date(), anew: false });
      await waitFor(() => turns >= 3, { what: "turns of the period that was there" });
      await scheduler.stop();
      await process.close();
    });

    test("a job whose moment comes while the sidecar is away runs when it is back", async () => {
      const process = await engine.open("away");
      const { scheduler } = process;
      const late: number[] = [];
      scheduler.handle("kind", async ({ at }) => void late.push(Date.now() - Date.parse(at)));
      await scheduler.start();
      await process.ready();
      const due = Date.now() + 300;
      await scheduler.schedule({ name: "kind:away", at: new Date(due).toISOString(), data: {} });
      const restart = await process.killSidecar();
      await waitFor(() => Date.now() > due + 300, { what: "the job to be overdue" });
      await restart();
      await waitFor(() => late.length === 1, { what: "the job" });
      expect(late[0]).toBeGreaterThan(300);
      await scheduler.stop();
      await process.close();
    });
  });
});
