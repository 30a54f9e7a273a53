import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "@rondo/db/embedded";
import { signUp, startRondo } from "@rondo/testing";
import { buildDeployable, choose } from "@rondo/toolchain/build";
import postgres from "postgres";
import { compareWithFloor } from "./compare.ts";
import { measureDom } from "./dom.ts";
import { measureEngine } from "./engine.ts";
import { measureFlow } from "./flow.ts";
import { measureSteadyLoad } from "./load.ts";
import { type Goal, goalTable } from "./report.ts";

import { measureStreams } from "./windows.ts";

/**
 * `npm run bench`: the compiled Rondo beside the floor, on one PostgreSQL, one after the other, then its services each beside its
 * sidecar on Kafka; all of it on this machine.
 * Prints what each costs, and what was promised beside what was measured; ends with 1 when a promise was missed.
 */
const say = (text: string) => process.stdout.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), "rondo-bench-"));
// For root PostgreSQL runs as another user, who must be able to pass.
chmodSync(folder, 0o711);
const goals: Goal[] = [];
let creates = 0;

try {
  say("Building the executable …");
  const [standalone] = choose(["standalone"]);
  if (standalone === undefined) throw new Error("there is no standalone to build");
  const executable = (await buildDeployable(standalone, folder)).path;
  const embedded = await startEmbedded({ dataDir: join(folder, "data") });
  const sql = postgres(embedded.url, { max: 2, onnotice: () => undefined });
  try {
    await using rondo = await startRondo({
      dataDir: join(folder, "rondo"),
      executable,
      cwd: folder,
      env: { DATABASE_URL: embedded.url, RONDO_STREAMS_PER_USER: "2000" },
    });
    const bench = { rondo, person: await signUp(rondo.origin, "Bench"), sql, say };
    // First, because what the closed loop leaves in memory is not this load's.
    goals.push(...(await measureSteadyLoad(bench)));
    const comparison = await compareWithFloor({ ...bench, databaseUrl: embedded.url });
    creates = comparison.creates;
    goals.push(...comparison.goals);
    goals.push(...(await measureFlow({ ...bench, origin: rondo.origin, relay: rondo.program, wantedMs: 100 })));
    goals.push(...(await measureStreams(bench)));
    goals.push(...(await measureDom(bench)));
  } finally {
    await sql.end();
    await embedded.stop();
  }
  goals.push(...(await measureEngine({ folder, creates, say })));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
say(`\n${goalTable(goals)}`);
process.exit(goals.every((goal) => goal.met) ? 0 : 1);
