import { existsSync } from "node:fs";
import { join } from "node:path";
import { startEmbedded } from "@rondo/embedded_postgres";
import { type RunningRondo, signUp, startRondo } from "@rondo/testing";
import postgres, { type Sql } from "postgres";
import { inTurn, type Side, turnTable } from "./compare.ts";
import { seedTasks } from "./floor_tables.ts";
import { atLeast, type Goal } from "./report.ts";

/** The commit after which lists were to become faster: they are asked in turn with its own. */
const baseCommit = "510dc5ed";

export interface BaseBench {
  readonly rondo: RunningRondo;
  readonly sql: Sql;
  /** Where the other one is built, and keeps its data. */
  readonly folder: string;
  readonly say: (text: string) => void;
}

/** Lists and filtered lists of 10,000 tasks: requests per second to those of the base commit, each with its own PostgreSQL. */
export async function compareWithBase({ rondo, sql, folder, say }: BaseBench): Promise<readonly Goal[]> {
  say(`Building the standalone of ${baseCommit} …`);
  const executable = await buildBase(join(folder, "base"));
  if (executable === undefined) {
    say(`not measured: list and filter to the base commit's, because this clone does not have ${baseCommit}`);
    return [];
  }
  const embedded = await startEmbedded({ dataDir: join(folder, "base-data") });
  const baseSql = postgres(embedded.url, { max: 2, onnotice: () => undefined });
  try {
    const env = { DATABASE_URL: embedded.url };
    await using base = await startRondo({ dataDir: join(folder, "base-rondo"), executable, cwd: folder, env });
    const sides: Side[] = [];
    for (const [what, { origin, pid }, database] of [
      ["base", base, baseSql],
      ["Rondo", rondo, sql],
    ] as const) {
      const person = await signUp(origin, "Lists");
      await seedTasks(database, "api", person, 10_000);
      sides.push({ what, origin, schema: "api", pid, person, sql: database });
    }
    const [before, now] = sides;
    if (before === undefined || now === undefined) throw new Error("two sides are compared");
    const rows: string[][] = [];
    const goals: Goal[] = [];
    for (const kind of ["list", "filter"] as const) {
      const compared = await inTurn(kind, before, now);
      rows.push(...compared.rows);
      goals.push({
        ...atLeast(`${kind}: requests/s to the base commit's`, compared.perSecond, 1.5),
        further: compared.both.perSecond,
      });
    }
    say(`\n${turnTable(rows)}\n`);
    return goals;
  } finally {
    await baseSql.end();
    await embedded.stop();
  }
}

/** The standalone of that commit, built as it is there; undefined when this clone does not go back so far. */
async function buildBase(folder: string): Promise<string | undefined> {
  const git = (...args: string[]) =>
    Bun.spawnSync(["git", "-C", join(import.meta.dir, ".."), ...args], { stdout: "ignore", stderr: "ignore" });
  if (!git("worktree", "add", "--detach", folder, baseCommit).success) return undefined;
  try {
    const build = Bun.spawn(["npm", "run", "--silent", "build", "--", "standalone"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const executable = join(folder, "dist/standalone");
    if ((await build.exited) !== 0 || !existsSync(executable)) throw new Error(`${baseCommit} was not built`);
    return executable;
  } finally {
    git("worktree", "prune");
  }
}
