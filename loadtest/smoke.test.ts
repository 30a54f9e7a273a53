import { expect, test } from "bun:test";
import { describeWith, signUp, startRondo, temporaryFolder } from "@rondo/testing";
import { runK6 } from "./k6.ts";

describeWith("k6", "the journeys of the load test", () => {
  test("a person's whole visit is answered as expected, step by step", async () => {
    await using rondo = await startRondo({ dataDir: temporaryFolder("k6") });
    const { token, inbox_id } = await signUp(rondo.origin);
    const target = { origin: rondo.origin, token, project_id: inbox_id, task_ids: [] };
    const result = await runK6(target, { profile: "smoke", seconds: 10 });
    expect(result).toMatchObject({ passed: true, errors: 0, dropped: 0 });
    expect(Object.keys(result.requests).sort()).toEqual(["complete", "create", "list", "read", "update"]);
  });

  test("a profile whose requests fail does not pass", async () => {
    await using rondo = await startRondo({ dataDir: temporaryFolder("k6") });
    const { inbox_id } = await signUp(rondo.origin);
    const target = { origin: rondo.origin, token: "rondo_pat_nobody", project_id: inbox_id, task_ids: [] };
    const result = await runK6(target, { profile: "smoke", seconds: 10 });
    expect(result.passed).toBe(false);
    expect(result.errors).toBeGreaterThan(0);
  });
});
