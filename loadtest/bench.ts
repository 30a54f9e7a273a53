import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "@rondo/embedded_postgres";
import { builtExecutables } from "@rondo/scripts/executables";
import { signUp, startRondo } from "@rondo/testing";
import postgres from "postgres";
import { compareWithBase } from "./base.ts";
import { compareWithFloor, type Side } from "./compare.ts";
import { measureDom } from "./dom.ts";
import { measureEngine } from "./engine.ts";
import { seedTasks } from "./floor_tables.ts";
import { measureFlow } from "./flow.ts";
import { measureSteadyLoad } from "./load.ts";
import { replaceMeasured } from "./markdown.ts";
import { type Goal, goalTable } from "./report.ts";
import { measureStreams } from "./windows.ts";

/**
 * `npm run bench`: the compiled Rondo beside the floor, on one PostgreSQL, and beside an older commit, then its services each beside its
 * sidecar on Kafka; all of it on this machine, every figure in several runs.
 * Prints what each costs, and what was promised beside what was measured, which it also writes into `.github/docs/bench.md`; ends with 1
 * when the median of a figure missed its goal.
 */
const say = (text: string) => process.stdout.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), "rondo-bench-"));
// For root PostgreSQL runs as another user, who must be able to pass.
chmodSync(folder, 0o711);
const goals: Goal[] = [];

try {
  say("Building the executable …");
  const executable = join(await builtExecutables(["standalone"]), "standalone");
  const embedded = await startEmbedded({ dataDir: join(folder, "data") });
  const sql = postgres(embedded.url, { max: 2, onnotice: () => undefined });
  const startFresh = () =>
    startRondo({
      dataDir: join(folder, "rondo"),
      executable,
      cwd: folder,
      env: { DATABASE_URL: embedded.url, RONDO_STREAMS_PER_USER: "2000" },
    });
  try {
    // The first start makes the tables, which no later one does.
    await startFresh().then((first) => first[Symbol.asyncDispose]());
    goals.push(...(await measureStreams({ startFresh, say })));
    await using rondo = await startFresh();
    const bench = { rondo, person: await signUp(rondo.origin, "Bench"), sql, say };
    // Before the closed loop, for what that leaves in memory is not this load's.
    goals.push(...(await measureSteadyLoad(bench)));
    goals.push(...(await compareWithFloor({ ...bench, databaseUrl: embedded.url })));
    goals.push(...(await compareWithBase({ ...bench, folder })));
    goals.push(...(await measureFlow({ ...bench, origin: rondo.origin, relay: rondo.program, wantedMs: 100 })));
    goals.push(...(await measureDom(bench)));
    const { origin, pid } = rondo;
    const person = await signUp(origin, "Bench");
    await seedTasks(sql, "api", person, 10_000);
    const standalone: Side = { what: "standalone", origin, schema: "api", pid, person, sql };
    goals.push(...(await measureEngine({ standalone, say })));
  } finally {
    await sql.end();
    await embedded.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
say(`\n${goalTable(goals)}`);
replaceMeasured(join(import.meta.dir, "../.github/docs/bench.md"), "bench", () => goalTable(goals));
process.exit(goals.every((goal) => goal.met) ? 0 : 1);
