import { expect, test } from "bun:test";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, waitFor } from "@rondo/testing";
import { connect } from "./index.ts";

test("a pool shows its limit, its use, its waiting callers, and how long statements take", async () => {
  await using database = await createTestDatabase();
  const metrics = createMetrics();
  const db = connect({ url: database.url, name: "shown", max: 2, metrics });
  const release = Promise.withResolvers<void>();
  const holders = [1, 2].map(() => db.transaction(() => release.promise));
  const statement = db.sql`select 1`.execute();
  await waitFor(() => db.stats().waiting === 1, { what: "a waiting statement" });
  const busy = await metrics.render();
  expect(busy).toContain('rondo_db_pool_connections{pool="shown",state="limit"} 2');
  expect(busy).toContain('rondo_db_pool_connections{pool="shown",state="in_use"} 2');
  expect(busy).toContain('rondo_db_pool_connections{pool="shown",state="waiting"} 1');
  release.resolve();
  await Promise.all([...holders, statement]);
  const idle = await metrics.render();
  expect(idle).toContain('rondo_db_pool_connections{pool="shown",state="in_use"} 0');
  expect(idle).toContain("rondo_db_query_duration_seconds_count 1");
  await db.close();
});
