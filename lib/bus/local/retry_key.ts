import type { Sql } from "@rondo/db";
import { type Consumer, deliver } from "../deliver.ts";
import { pauseAfter } from "../policy.ts";
import { reportDead } from "../report.ts";
import { type ParkedRow, type ParkedSettlement, readParked, settleParked } from "./failure_queries.ts";
import type { Assignment } from "./log_queries.ts";
import { readEvent } from "./settle.ts";

/** So many events of a key in one go, before the partition's other keys get their turn. */
const atOnce = 20;

/**
 * Tries the waiting events of one key again, each alone so that it fails for itself only, until one has to wait more.
 * An event that has used up its tries goes to the dead letters and its key goes on.
 * @returns in how many milliseconds the key is due again; undefined when nothing of it waits any more.
 */
export async function retryKey(
  sql: Sql,
  assignment: Assignment,
  consumer: Consumer,
  key: string,
  over: AbortSignal,
): Promise<number | undefined> {
  const rows = await readParked(sql, assignment, key, atOnce);
  const done: number[] = [];
  const dead: ParkedSettlement["dead"][number][] = [];
  const again: ParkedSettlement["again"][number][] = [];
  for (const row of rows) {
    if (over.aborted) break;
    const fate = await tryAgain(assignment, consumer, row);
    if (fate.result === "done") done.push(row.id);
    else if (fate.result === "dead") dead.push({ ...row, tries: fate.tries, reason: fate.reason, pause_ms: 0 });
    else again.push({ id: row.id, tries: fate.tries, reason: fate.reason, pause_ms: fate.pauseMs });
    if (fate.result === "again") break;
  }
  await settleParked(sql, assignment, { key, done, again, dead });
  if (dead.length > 0) reportDead(consumer, assignment, dead.length);
  const [waits] = again;
  if (waits !== undefined) return waits.pause_ms;
  return rows.length < atOnce ? undefined : 0;
}

type Fate =
  | { readonly result: "done" }
  | { readonly result: "again"; readonly tries: number; readonly reason: string; readonly pauseMs: number }
  | { readonly result: "dead"; readonly tries: number; readonly reason: string };

async function tryAgain(assignment: Assignment, consumer: Consumer, row: ParkedRow): Promise<Fate> {
  const tries = row.tries + 1;
  const delivery = readEvent(row, assignment, tries);
  if (typeof delivery === "string") return { result: "dead", tries: row.tries, reason: delivery };
  if (row.tries > 0) consumer.metrics.retried(assignment.topic, assignment.group);
  const { outcomes } = await deliver(consumer, [delivery]);
  const [outcome] = outcomes;
  if (outcome === undefined || outcome.result === "done") return { result: "done" };
  if (outcome.result === "refused" || tries >= consumer.policy.tries)
    return { result: "dead", tries, reason: outcome.reason };
  return { result: "again", tries, reason: outcome.reason, pauseMs: pauseAfter(tries, consumer.policy) };
}
