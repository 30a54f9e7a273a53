import type { Bench } from "./compare.ts";
import { seedTasks, someTaskIds } from "./floor_tables.ts";
import { type K6Result, runK6 } from "./k6.ts";
import { peakMiB } from "./memory.ts";
import { atMost, type Goal, median, short, table } from "./report.ts";
import { inRuns } from "./runs.ts";
import { trailCaughtUp } from "./trail.ts";

const perSecond = 1_000;
const warmUpSeconds = 5;
const runSeconds = 12;

/** Open loop, 10,000 tasks in the project: 1,000 requests a second, come what may, of 60 % list, 20 % read, 15 % create and 5 % update. */
export async function measureSteadyLoad({ rondo, person, sql, say }: Bench): Promise<readonly Goal[]> {
  const { origin, pid } = rondo;
  await seedTasks(sql, "api", person, 10_000);
  const target = {
    origin,
    token: person.token,
    project_id: person.inbox_id,
    task_ids: await someTaskIds(sql, "api", person, 1_000),
  };
  const load = (seconds: number) => runK6(target, { profile: "steady", seconds, perSecond });
  await load(warmUpSeconds);
  const measured = await inRuns(async () => {
    const { result, peak } = await peakMiB(pid, () => load(runSeconds));
    await trailCaughtUp(origin, person, sql);
    return { ...result, peak };
  });
  say(`\n${loadTable(measured)}\n`);
  const slowest = (pick: "p95" | "p99") =>
    measured.map(({ requests }) => Math.max(...Object.values(requests).map((figures) => figures[pick])));
  const of = (pick: (one: (typeof measured)[number]) => number) => measured.map(pick);
  return [
    atMost(`steady load of ${perSecond}/s: p95 of the slowest request`, slowest("p95"), 25, " ms"),
    atMost("steady load: p99 of the slowest request", slowest("p99"), 75, " ms"),
    atMost("steady load: errors", [Math.max(...of(({ errors }) => errors))], 0),
    atMost("steady load: dropped", [Math.max(...of(({ dropped }) => dropped))], 0),
    atMost(
      "standalone without PostgreSQL, under that load",
      of(({ peak }) => peak),
      192,
      " MiB",
    ),
  ];
}

/** The medians of the runs, by request. */
function loadTable(measured: readonly K6Result[]): string {
  const names = Object.keys(measured[0]?.requests ?? {});
  const figures = ["perSecond", "p50", "p95", "p99"] as const;
  const rows = names.map((name) => [
    name,
    ...figures.map((figure) => short(median(measured.map(({ requests }) => requests[name]?.[figure] ?? Number.NaN)))),
  ]);
  return table([`${perSecond} requests/s`, "requests/s", "p50 ms", "p95 ms", "p99 ms"], rows);
}
