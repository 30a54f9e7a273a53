import { afterAll, beforeAll, expect, test } from "bun:test";
import { createMetrics, getLog } from "@rondo/telemetry";
import { createTestDatabase, type TestDatabase, waitFor } from "@rondo/testing";
import { schedulerMigrations } from "./index.ts";
import { createJobMetrics } from "./metrics.ts";
import { Runner } from "./runner.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ schemas: [schedulerMigrations] });
});
afterAll(() => database.close());

function runner(): Runner {
  const backoff = { firstPauseMs: 60_000, longestPauseMs: 60_000 };
  return new Runner({ sql: database.sql, metrics: createJobMetrics(createMetrics()), backoff, log: getLog("test") });
}

const at = "2026-01-31T08:00:00.000Z";

test("of those who claim the same at the same time one gets it, and a name at another moment is another matter", async () => {
  const occasions = [{ name: "kind:rivals", at }];
  const claims = await Promise.all(Array.from({ length: 10 }, () => runner().claim(occasions)));
  const kinds = claims.map((claim) => claim.get("kind:rivals")?.kind);
  expect(kinds.filter((kind) => kind === "mine")).toHaveLength(1);
  expect(kinds.filter((kind) => kind === "later")).toHaveLength(9);
  const other = await runner().claim([{ name: "kind:rivals", at: "2026-01-31T08:00:00.001Z" }]);
  expect(other.get("kind:rivals")?.kind).toBe("mine");
});

test("what was claimed just before the stop is not begun but given back, as it was", async () => {
  const occasion = { name: "kind:stopping", at };
  const stopping = runner();
  await stopping.claim([occasion]);
  stopping.over();
  let begun = false;
  const work = async () => {
    begun = true;
  };
  expect(await stopping.run({ occasion, kind: "kind", tries: 3, work })).toEqual({ ok: false, againMs: 0 });
  expect(begun).toBe(false);
  const claim = (await runner().claim([occasion])).get(occasion.name);
  expect(claim).toEqual({ kind: "mine", tries: 3 });
});

test("who lost its hold and fails late takes nothing from the one who has it now; who succeeds late has succeeded", async () => {
  for (const ok of [false, true]) {
    const occasion = { name: `kind:late-${ok}`, at };
    const [slow, next] = [runner(), runner()];
    await slow.claim([occasion]);
    await database.sql`update scheduler.run set next_at = clock_timestamp() where name = ${occasion.name}`;
    expect((await next.claim([occasion])).get(occasion.name)?.kind).toBe("mine");
    const work = async () => {
      if (!ok) throw new Error("late");
    };
    await slow.run({ occasion, kind: "kind", tries: 0, work });
    expect((await runner().claim([occasion])).get(occasion.name)?.kind).toBe(ok ? "done" : "later");
    const [row] = await database.sql<{ held: boolean; tries: number }[]>`
      select holder is not null as held, tries from scheduler.run where name = ${occasion.name}`;
    expect(row).toEqual({ held: !ok, tries: 0 });
  }
});

test("a claim whose answer was lost runs out, though its process goes on with other work", async () => {
  const [lost, held] = [
    { name: "kind:lost", at },
    { name: "kind:held", at },
  ];
  const busy = runner();
  busy.start();
  await busy.claim([lost, held]);
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = busy.run({ occasion: held, kind: "kind", tries: 0, work: () => promise });
  const claimed = async (occasion: typeof lost) => (await runner().claim([occasion])).get(occasion.name)?.kind;
  await waitFor(async () => (await claimed(lost)) === "mine", { what: "the lost claim to run out" });
  expect(await claimed(held)).toBe("later");
  resolve();
  await running;
  await busy.stop();
});
