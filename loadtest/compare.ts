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

export type Kind = "create" | "read" | "list";

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

const kinds: readonly Kind[] = ["create", "read", "list"];
/** Until both programs run compiled code. */
const warmUpSeconds = 5;
const rounds = 5;
const roundSeconds = 4;

/**
 * Closed loop, 32 connections: requests per second of the floor and of Rondo for each kind of request, with 10,000 tasks in the project;
 * then the list with 1,000 against 100,000.
 */
export async function compareWithFloor(bench: Bench & { readonly databaseUrl: string }): Promise<readonly Goal[]> {
  const { rondo, person, sql, databaseUrl, say } = bench;
  await layFloor(sql, person);
  await using floor = spawnProgram([process.execPath, join(import.meta.dir, "floor.ts"), databaseUrl]);
  const [, floorOrigin = ""] = await floor.line(/floor: (http:\/\/\S+)/);
  const below: Side = { what: "floor", origin: floorOrigin, schema: "floor", pid: floor.pid, person, sql };
  const above: Side = { what: "Rondo", origin: rondo.origin, schema: "api", pid: rondo.pid, person, sql };

  say("Seeding 10,000 tasks …");
  await seed(bench, 10_000);
  const rows: string[][] = [];
  const goals: Goal[] = [];
  for (const kind of kinds) {
    const compared = await inTurn(kind, below, above);
    rows.push(...compared.rows);
    goals.push({
      ...atLeast(`${kind}: requests/s to the floor's`, compared.perSecond, 0.6),
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
  /** Requests per second of the second side to the first's. */
  readonly perSecond: number;
  /** Median time of the second side to the first's. */
  readonly p50: number;
  /** The second side's figure and the first's, in words. */
  readonly both: { readonly perSecond: string; readonly p50: string };
}

/**
 * The same requests to two servers in turn, once both run compiled code. A round is short, and what counts is the median of its ratios: what
 * else goes on in the machine meets both sides of a round, or spoils one round of several.
 */
export async function inTurn(kind: Kind, first: Side, second: Side): Promise<Compared> {
  await askFor(kind, first, warmUpSeconds);
  await askFor(kind, second, warmUpSeconds);
  const turns: [Measured, Measured][] = [];
  for (let round = 0; round < rounds; round++) {
    turns.push([await askFor(kind, first, roundSeconds), await askFor(kind, second, roundSeconds)]);
  }
  const [ones, others] = [turns.map(([one]) => one), turns.map(([, other]) => other)];
  const ratio = (figure: Figure) => median(turns.map(([one, other]) => other[figure] / one[figure]));
  const ratios = { perSecond: ratio("perSecond"), p50: ratio("p50") };
  const rows = [
    rowOf(`${kind}, ${first.what}`, ones, ""),
    rowOf(`${kind}, ${second.what}`, others, `${Math.round(ratios.perSecond * 100)} %`),
  ];
  const both = (figure: Figure, unit: string) =>
    `${short(medianOf(others, figure))} to ${short(medianOf(ones, figure))} ${unit}`;
  return { ...ratios, rows, both: { perSecond: both("perSecond", "requests/s"), p50: both("p50", "ms") } };
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
  const { origin, person, pid } = side;
  const target: Target = {
    origin,
    token: person.token,
    project_id: person.inbox_id,
    task_ids: await someTaskIds(side.sql, side.schema, person, 1_000),
  };
  const { result, peak } = await peakMiB(pid, () => runK6(target, { profile: "closed", kind, seconds }));
  const figures = result.requests[kind];
  if (figures === undefined || result.errors > 0) throw new Error(`${kind} at ${origin}: ${result.errors} errors`);
  return { ...figures, peak };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
