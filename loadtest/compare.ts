import { join } from "node:path";
import { type Person, type RunningRondo, signUp, spawnProgram } from "@rondo/testing";
import type { Sql } from "postgres";
import { layFloor, seedTasks, someTaskIds } from "./floor_tables.ts";
import { type RequestFigures, runK6, type Target } from "./k6.ts";
import { peakMiB } from "./memory.ts";
import { atLeast, atMost, type Goal, median, short, table } from "./report.ts";
import { runs } from "./runs.ts";
import { trailCaughtUp } from "./trail.ts";

export interface Bench {
  readonly rondo: RunningRondo;
  readonly person: Person;
  /** The database of both, for seeding and looking. */
  readonly sql: Sql;
  readonly say: (text: string) => void;
}

export type Kind = "create" | "read" | "complete" | "list" | "filter";

/** One server that is compared with another, and what is asked of it. */
export interface Side {
  readonly what: string;
  readonly origin: string;
  readonly schema: "api" | "floor";
  readonly pid: number;
  readonly person: Person;
  /** The database in which it keeps tasks. */
  readonly sql: Sql;
}

/** What each kind of request must reach of the floor's requests per second. */
const toTheFloor: readonly (readonly [Kind, number])[] = [
  ["create", 0.75],
  ["read", 0.8],
  ["list", 0.6],
  ["complete", 0.8],
];
/** Until both programs run compiled code. */
const warmUpSeconds = 5;
const runSeconds = 4;

/**
 * Closed loop, 32 connections: requests per second of the floor and of Rondo for each kind of request, with 10,000 tasks in the project;
 * then the list with 1,000 against 100,000.
 */
export async function compareWithFloor(bench: Bench & { readonly databaseUrl: string }): Promise<readonly Goal[]> {
  const { rondo, person, sql, databaseUrl, say } = bench;
  await layFloor(sql, person);
  await using floor = spawnProgram([process.execPath, join(import.meta.dir, "floor.ts"), databaseUrl]);
  const completion = [process.execPath, join(import.meta.dir, "floor_completion.ts"), databaseUrl];
  await using completionFloor = spawnProgram(completion);
  const belowOf = async ({ line, pid }: typeof floor): Promise<Side> => {
    const [, origin = ""] = await line(/floor: (http:\/\/\S+)/);
    return { what: "floor", origin, schema: "floor", pid, person, sql };
  };
  const [below, belowCompletion] = [await belowOf(floor), await belowOf(completionFloor)];
  const above: Side = { what: "Rondo", origin: rondo.origin, schema: "api", pid: rondo.pid, person, sql };

  say("Seeding 10,000 tasks …");
  await seed(bench, 10_000);
  const rows: string[][] = [];
  const goals: Goal[] = [];
  for (const [kind, wanted] of toTheFloor) {
    const compared = await inTurn(kind, kind === "complete" ? belowCompletion : below, above);
    rows.push(...compared.rows);
    goals.push({
      ...atLeast(`${kind}: requests/s to the floor's`, compared.perSecond, wanted),
      further: compared.both.perSecond,
    });
  }
  say("Seeding 1,000 and 100,000 tasks …");
  const other = await signUp(rondo.origin, "Bench");
  await seedTasks(sql, "api", other, 1_000);
  await seed(bench, 100_000);
  const small = { ...above, what: "of 1,000", person: other };
  const large = { ...above, what: "of 100,000" };
  const compared = await inTurn("list", small, large);
  say(`\n${turnTable([...rows, ...compared.rows])}\n`);
  const longList = atMost("list of 100,000 to list of 1,000: time", compared.p50, 1.5);
  return [...goals, { ...longList, further: compared.both.p50 }];
}

async function seed({ person, sql }: Bench, count: number): Promise<void> {
  await seedTasks(sql, "api", person, count);
  await seedTasks(sql, "floor", person, count);
}

export interface Compared {
  /** For `turnTable`. */
  readonly rows: string[][];
  /** Of each run: requests per second of the second side to the first's. */
  readonly perSecond: readonly number[];
  /** Of each run: median time of the second side to the first's. */
  readonly p50: readonly number[];
  /** The second side's median figure and the first's, in words. */
  readonly both: { readonly perSecond: string; readonly p50: string };
}

/**
 * The same requests to two servers, once both run compiled code. A run asks both for some seconds: what else goes on in the machine meets
 * both sides, or spoils one run of several. Who is asked first changes from run to run, and what one side leaves to be done is done
 * before the other is asked.
 */
export async function inTurn(kind: Kind, first: Side, second: Side): Promise<Compared> {
  await askFor(kind, first, warmUpSeconds);
  await askFor(kind, second, warmUpSeconds);
  const turns: [Measured, Measured][] = [];
  for (let run = 0; run < runs; run++) {
    const ask = (side: Side) => askFor(kind, side, runSeconds);
    if (run % 2 === 0) turns.push([await ask(first), await ask(second)]);
    else {
      const other = await ask(second);
      turns.push([await ask(first), other]);
    }
  }
  const [ones, others] = [turns.map(([one]) => one), turns.map(([, other]) => other)];
  const ratios = (figure: Figure) => turns.map(([one, other]) => other[figure] / one[figure]);
  const perSecond = ratios("perSecond");
  const rows = [
    rowOf(`${kind}, ${first.what}`, ones, ""),
    rowOf(`${kind}, ${second.what}`, others, `${Math.round(median(perSecond) * 100)} %`),
  ];
  const both = (figure: Figure, unit: string) =>
    `${short(medianOf(others, figure))} to ${short(medianOf(ones, figure))} ${unit}`;
  return {
    perSecond,
    p50: ratios("p50"),
    rows,
    both: { perSecond: both("perSecond", "requests/s"), p50: both("p50", "ms") },
  };
}

type Figure = "perSecond" | "p50" | "p95" | "p99";

function rowOf(what: string, measured: readonly Measured[], ratio: string): string[] {
  const figures = (["perSecond", "p50", "p95", "p99"] as const).map((figure) => short(medianOf(measured, figure)));
  return [what, ...figures, ratio, short(Math.max(...measured.map(({ peak }) => peak)))];
}

function medianOf(measured: readonly Measured[], figure: Figure): number {
  return median(measured.map((one) => one[figure]));
}

export function turnTable(rows: readonly (readonly string[])[]): string {
  return table(["32 connections", "requests/s", "p50 ms", "p95 ms", "p99 ms", "to the first", "RSS MiB"], rows);
}

interface Measured extends RequestFigures {
  /** MiB. */
  readonly peak: number;
}

async function askFor(kind: Kind, side: Side, seconds: number): Promise<Measured> {
  const { origin, person, pid, schema, sql } = side;
  const target: Target = {
    origin,
    token: person.token,
    project_id: person.inbox_id,
    task_ids: await someTaskIds(sql, schema, person, 1_000),
  };
  const { result, peak } = await peakMiB(pid, () => runK6(target, { profile: "closed", kind, seconds }));
  const figures = result.requests[kind];
  if (figures === undefined || result.errors > 0) throw new Error(`${kind} at ${origin}: ${result.errors} errors`);
  if (schema === "api") await trailCaughtUp(origin, person, sql);
  return { ...figures, peak };
}
