import { join } from "node:path";
import { type Person, type RunningRondo, signUp, spawnProgram } from "@rondo/testing";
import type { Sql } from "postgres";
import { layFloor, seedTasks, someTaskIds } from "./floor_tables.ts";
import { type RequestFigures, runK6, type Target } from "./k6.ts";
import { peakMiB } from "./memory.ts";
import { atLeast, atMost, type Goal, short, table } from "./report.ts";

export interface Bench {
  readonly rondo: RunningRondo;
  readonly person: Person;
  /** The database of both, for seeding and looking. */
  readonly sql: Sql;
  readonly say: (text: string) => void;
}

export interface Comparison {
  readonly goals: readonly Goal[];
  /** Creates a second, of Rondo in one process. */
  readonly creates: number;
}

export type Kind = "create" | "read" | "list";

const kinds: readonly Kind[] = ["create", "read", "list"];
const seconds = 10;
/** Until both programs run compiled code. */
const warmUpSeconds = 5;

/**
 * Closed loop, 32 connections: requests per second of the floor and of Rondo, one after the other, for each kind of request, with
 * 10,000 tasks in the project; then the list with 1,000 against 100,000.
 */
export async function compareWithFloor(bench: Bench & { readonly databaseUrl: string }): Promise<Comparison> {
  const { rondo, person, sql, databaseUrl, say } = bench;
  await layFloor(sql, person);
  await using floor = spawnProgram([process.execPath, join(import.meta.dir, "floor.ts"), databaseUrl]);
  const [, floorOrigin = ""] = await floor.line(/floor: (http:\/\/\S+)/);

  say("Seeding 10,000 tasks …");
  await seed(bench, 10_000);
  const rows: string[][] = [];
  const goals: Goal[] = [];
  let creates = 0;
  for (const kind of kinds) {
    const below = await measure(bench, floorOrigin, "floor", kind, floor.pid);
    const above = await measure(bench, rondo.origin, "api", kind, rondo.pid);
    const ratio = above.figures.perSecond / below.figures.perSecond;
    rows.push(row(`${kind}, floor`, below), row(`${kind}, Rondo`, above, ratio));
    goals.push(atLeast(`${kind}: requests/s to the floor's`, ratio, 0.6));
    if (kind === "create") creates = above.figures.perSecond;
  }
  say("Seeding 1,000 and 100,000 tasks …");
  const other = { ...bench, person: await signUp(rondo.origin, "Bench") };
  await seedTasks(sql, "api", other.person, 1_000);
  await seed(bench, 100_000);
  const small = await measure(other, rondo.origin, "api", "list", rondo.pid);
  const large = await measure(bench, rondo.origin, "api", "list", rondo.pid);
  rows.push(row("list of 1,000, Rondo", small), row("list of 100,000, Rondo", large));
  goals.push(atMost("list of 100,000 to list of 1,000: time", large.figures.p50 / small.figures.p50, 1.5));
  say(`\n${table(["32 connections", "requests/s", "p50 ms", "p95 ms", "p99 ms", "to the floor", "RSS MiB"], rows)}\n`);
  return { goals, creates };
}

async function seed({ person, sql }: Bench, count: number): Promise<void> {
  await seedTasks(sql, "api", person, count);
  await seedTasks(sql, "floor", person, count);
}

interface Measured {
  readonly figures: RequestFigures;
  readonly peak: number;
}

/** One kind of request in a closed loop, once both sides run compiled code. */
export async function measure(
  { person, sql }: Pick<Bench, "person" | "sql">,
  origin: string,
  schema: "api" | "floor",
  kind: Kind,
  pid: number,
): Promise<Measured> {
  const target: Target = {
    origin,
    token: person.token,
    project_id: person.inbox_id,
    task_ids: await someTaskIds(sql, schema, person, 1_000),
  };
  await runK6(target, { profile: "closed", kind, seconds: warmUpSeconds });
  const { result, peak } = await peakMiB(pid, () => runK6(target, { profile: "closed", kind, seconds }));
  const figures = result.requests[kind];
  if (figures === undefined || result.errors > 0) throw new Error(`${kind} at ${origin}: ${result.errors} errors`);
  return { figures, peak };
}

function row(what: string, { figures, peak }: Measured, ratio?: number): string[] {
  const numbers = [figures.perSecond, figures.p50, figures.p95, figures.p99].map(short);
  return [what, ...numbers, ratio === undefined ? "" : `${Math.round(ratio * 100)} %`, short(peak)];
}
