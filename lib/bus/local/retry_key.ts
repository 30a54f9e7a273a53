import type { Sql } from "@rondo/db";
import { type Consumer, deliver } from "../deliver.ts";
import { pauseAfter } from "../policy.ts";
import { reportDead } from "../report.ts";
import { type ParkedRow, type ParkedSettlement, readParked, settleParked } from "./failure_queries.ts";
import type { Share } from "./log_queries.ts";
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
  share: Share,
  consumer: Consumer,
  key: string,
  over: AbortSignal,
): Promise<number | undefined> {
  const rows = await readParked(sql, share, key, atOnce);
  const done: number[] = [];
  const dead: ParkedSettlement["dead"][number][] = [];
  const again: ParkedSettlement["again"][number][] = [];
  for (const row of rows) {
    if (over.aborted) break;
    const fate = await tryAgain(share, consumer, row);
    if (fate.kind === "done") done.push(row.id);
    else if (fate.kind === "dead") dead.push({ ...row, tries: fate.tries, reason: fate.reason, pause_ms: 0 });
    else again.push({ id: row.id, tries: fate.tries, reason: fate.reason, pause_ms: fate.pauseMs });
    if (fate.kind === "again") break;
  }
  await settleParked(sql, share, { key, done, again, dead });
  if (dead.length > 0) reportDead(consumer, share, dead.length);
  const [waits] = again;
  if (waits !== undefined) return waits.pause_ms;
  return rows.length < atOnce ? undefined : 0;
}

type Fate =
  | { readonly kind: "done" }
  | { readonly kind: "again"; readonly tries: number; readonly reason: string; readonly pauseMs: number }
  | { readonly kind: "dead"; readonly tries: number; readonly reason: string };

async function tryAgain(share: Share, consumer: Consumer, row: ParkedRow): Promise<Fate> {
  const tries = row.tries + 1;
  const delivery = readEvent(row, share, tries);
  if (typeof delivery === "string") return { kind: "dead", tries: row.tries, reason: delivery };
  if (row.tries > 0) consumer.metrics.retried(share.topic, share.group);
  const { outcomes } = await deliver(consumer, [delivery]);
  const [outcome] = outcomes;
  if (outcome === undefined || outcome.kind === "done") return { kind: "done" };
  if (outcome.kind === "drop" || tries >= consumer.policy.tries) return { kind: "dead", tries, reason: outcome.reason };
  return { kind: "again", tries, reason: outcome.reason, pauseMs: pauseAfter(tries, consumer.policy) };
}
