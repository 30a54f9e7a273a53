/** SQL of `scheduler.run`: who runs what, and what is done. All times are PostgreSQL's. */
import type { Sql } from "@rondo/db";

/** One occasion of a job. */
export interface Occasion {
  readonly name: string;
  /** As `checkedJob` writes it, or `always` for work that comes back. */
  readonly at: string;
}

/** Stands for the moment of work that comes back. */
export const always = "-infinity";

export type Claim =
  /** The caller is to run it, and has failed this often before. */
  | { readonly kind: "mine"; readonly tries: number }
  | { readonly kind: "done" }
  /** It runs elsewhere, has failed a moment ago, or its period is not over. */
  | { readonly kind: "later"; readonly waitMs: number };

interface ClaimRow {
  readonly name: string;
  readonly tries: number | null;
  readonly done: boolean;
  readonly wait_ms: number | null;
}

/** A claim that was lost to one that is being made at this moment shows nothing of it yet. */
const momentMs = 100;

/** Claims what is free of these, each name once, for `leaseMs` from now; answers a claim for each name. */
export async function claimRuns(
  sql: Sql,
  { holder, leaseMs }: { holder: string; leaseMs: number },
  occasions: readonly Occasion[],
): Promise<Map<string, Claim>> {
  const names = occasions.map(({ name }) => name);
  const moments = occasions.map(({ at }) => at);
  const rows = await sql<ClaimRow[]>`
    with asked as (
      select name, at from unnest(${names}::text[], ${moments}::timestamptz[]) as a (name, at)
    ), claimed as (
      insert into scheduler.run as r (name, at, holder, next_at)
      select name, at, ${holder}::uuid, clock_timestamp() + ${leaseMs} * interval '1 millisecond' from asked order by name
      on conflict (name, at) do update set holder = excluded.holder, next_at = excluded.next_at
      where not r.done and r.next_at <= clock_timestamp()
      returning name, tries
    )
    select a.name, c.tries, coalesce(r.done, false) as done,
      (extract(epoch from r.next_at - clock_timestamp()) * 1000)::float8 as wait_ms
    from asked a left join claimed c using (name) left join scheduler.run r on r.name = a.name and r.at = a.at`;
  return new Map(rows.map((row) => [row.name, claimOf(row)]));
}

/** More than milliseconds are rounded by. */
const slackMs = 1_000;

/**
 * The same for work that comes back. A period that ends later than `periodMs` from now was begun when it was longer: it no
 * longer counts.
 */
export async function claimTurn(
  sql: Sql,
  { holder, leaseMs }: { holder: string; leaseMs: number },
  { name, periodMs }: { name: string; periodMs: number },
): Promise<Claim> {
  const [row] = await sql<ClaimRow[]>`
    with claimed as (
      insert into scheduler.run as r (name, at, holder, next_at)
      values (${name}, ${always}, ${holder}::uuid, clock_timestamp() + ${leaseMs} * interval '1 millisecond')
      on conflict (name, at) do update set holder = excluded.holder, next_at = excluded.next_at
      where r.next_at <= clock_timestamp()
        or (r.holder is null and r.next_at > clock_timestamp() + ${periodMs + slackMs} * interval '1 millisecond')
      returning tries
    )
    select ${name} as name, c.tries, false as done,
      (extract(epoch from r.next_at - clock_timestamp()) * 1000)::float8 as wait_ms
    from (values (1)) as one left join claimed c on true
      left join scheduler.run r on r.name = ${name} and r.at = ${always}`;
  return claimOf(row);
}

function claimOf(row: ClaimRow | undefined): Claim {
  if (row !== undefined && row.tries !== null) return { kind: "mine", tries: row.tries };
  if (row?.done) return { kind: "done" };
  return { kind: "later", waitMs: Math.max(1, row?.wait_ms ?? momentMs) };
}

/** Keeps these, which the holder runs, for another `leaseMs`; what it claimed and never learned of runs out. */
export async function extendRuns(
  sql: Sql,
  { holder, leaseMs }: { holder: string; leaseMs: number },
  occasions: readonly Occasion[],
): Promise<void> {
  await sql`
    update scheduler.run r set next_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    from unnest(${occasions.map(({ name }) => name)}::text[], ${occasions.map(({ at }) => at)}::timestamptz[]) as a (name, at)
    where r.name = a.name and r.at = a.at and r.holder = ${holder}`;
}

/** For good: whoever else may have taken it over meanwhile. */
export async function settleDone(sql: Sql, { name, at }: Occasion): Promise<void> {
  await sql`
    update scheduler.run set done = true, holder = null, next_at = clock_timestamp() where name = ${name} and at = ${at}`;
}

/** Gives it back, free again after a pause; nothing when somebody else has taken it over meanwhile. */
export async function settleForLater(
  sql: Sql,
  holder: string,
  { name, at, tries, pauseMs }: Occasion & { tries: number; pauseMs: number },
): Promise<void> {
  await sql`
    update scheduler.run set
      holder = null, tries = ${tries}, next_at = clock_timestamp() + ${pauseMs} * interval '1 millisecond'
    where name = ${name} and at = ${at} and holder = ${holder}`;
}

/** Forgets, in small pieces, what was settled more than `keepMs` ago; answers how many. */
export async function trimRuns(sql: Sql, keepMs: number): Promise<number> {
  const atOnce = 5_000;
  let trimmed = 0;
  for (;;) {
    const gone = await sql`
      delete from scheduler.run where (name, at) in (
        select name, at from scheduler.run
        where next_at < clock_timestamp() - ${keepMs} * interval '1 millisecond'
        order by next_at limit ${atOnce} for update skip locked
      )`;
    trimmed += gone.count;
    if (gone.count < atOnce) return trimmed;
  }
}
