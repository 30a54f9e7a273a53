import { type Database, type MigrationSet, pendingMigrations, serverVersion } from "@rondo/db";
import { counted, span } from "../cli/table.ts";
import { readOutboxes } from "../outbox/read.ts";
import { type Finding, failure, fine, warning } from "./finding.ts";

/** Jobs and due times are exact to the second, so clocks must be, too. */
const clockWarnsMs = 1_000;
const clockFailsMs = 10_000;

/** An outbox is emptied within milliseconds while all is well. */
const outboxWarnsSeconds = 10;
const outboxFailsSeconds = 300;

/** @throws DatabaseStartError in one clear line when PostgreSQL cannot be used, or is too old */
export async function checkDatabase(db: Database, sets: readonly MigrationSet[]): Promise<readonly Finding[]> {
  const found = [fine("postgresql", `PostgreSQL ${await serverVersion(db.sql)}`), await clock(db)];
  for (const set of sets) found.push(await schema(db, set));
  return [...found, ...(await outboxes(db))];
}

async function clock({ sql }: Database): Promise<Finding> {
  const asked = Date.now();
  const [row] = await sql<{ now: number }[]>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;
  const answered = Date.now();
  // Its clock was read somewhere between the question and the answer.
  const behind = asked - (row?.now ?? asked);
  const ahead = (row?.now ?? answered) - answered;
  const difference = Math.max(0, behind, ahead);
  const says = `${span(difference)} between this machine and PostgreSQL`;
  const advice = "let both follow a time server (NTP): due times and jobs depend on it";
  if (difference >= clockFailsMs) return failure("clock", says, advice);
  return difference >= clockWarnsMs ? warning("clock", says, advice) : fine("clock", says);
}

async function schema({ sql }: Database, set: MigrationSet): Promise<Finding> {
  const check = `schema ${set.schema}`;
  try {
    const pending = await pendingMigrations(sql, set);
    if (pending.length === 0) return fine(check, `version ${set.migrations.length}`);
    return failure(
      check,
      `${counted(pending.length, "migration")} pending: ${pending.join(", ")}`,
      "rondo-ops migrate",
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure(check, reason, "use the rondo-ops of the version that runs");
  }
}

async function outboxes({ sql }: Database): Promise<readonly Finding[]> {
  const outboxes = await readOutboxes(sql, outboxWarnsSeconds, 1);
  return outboxes.map(({ schema, depth, oldest_seconds, refused }) => {
    const check = `outbox ${schema}`;
    const says = `${counted(depth, "event")} waiting${depth === 0 ? "" : `, the oldest for ${span(oldest_seconds * 1_000)}`}`;
    const advice = `rondo-ops outbox; the log of the ${schema} says why its relay does not get on`;
    if (oldest_seconds >= outboxFailsSeconds) return failure(check, says, advice);
    if (oldest_seconds >= outboxWarnsSeconds) return warning(check, says, advice);
    if (refused === 0) return fine(check, says);
    return warning(check, `${counted(refused, "event")} refused`, "rondo-ops outbox, then rondo-ops outbox release");
  });
}
