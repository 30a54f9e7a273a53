import type { Bench } from "./compare.ts";
import { seedTasks, someTaskIds } from "./floor_tables.ts";
import { runK6 } from "./k6.ts";
import { peakMiB } from "./memory.ts";
import { atMost, type Goal, short, table } from "./report.ts";

/** Open loop, 10,000 tasks in the project: 500 requests a second, come what may, of 60 % list, 20 % read, 15 % create and 5 % update. */
export async function measureSteadyLoad({ rondo, person, sql, say }: Bench): Promise<readonly Goal[]> {
  const { origin, pid, ready_ms } = rondo;
  await seedTasks(sql, "api", person, 10_000);
  const target = {
    origin,
    token: person.token,
    project_id: person.inbox_id,
    task_ids: await someTaskIds(sql, "api", person, 1_000),
  };
  const { result, peak } = await peakMiB(pid, () => runK6(target, { profile: "steady", seconds: 30 }));
  const rows = Object.entries(result.requests).map(([name, { perSecond, p50, p95, p99 }]) => [
    name,
    ...[perSecond, p50, p95, p99].map(short),
  ]);
  say(`\n${table(["500 requests/s", "requests/s", "p50 ms", "p95 ms", "p99 ms"], rows)}\n`);
  const slowest = (pick: "p95" | "p99") => Math.max(...Object.values(result.requests).map((figures) => figures[pick]));
  return [
    atMost("steady load: p95 of the slowest request", slowest("p95"), 25, " ms"),
    atMost("steady load: p99 of the slowest request", slowest("p99"), 75, " ms"),
    atMost("steady load: errors", result.errors, 0),
    atMost("steady load: dropped", result.dropped, 0),
    atMost("standalone without PostgreSQL, under that load", peak, 192, " MiB"),
    atMost("ready after PostgreSQL", ready_ms, 1_000, " ms"),
  ];
}
