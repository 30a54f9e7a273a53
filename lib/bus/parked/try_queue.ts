import { pause } from "@rondo/coordination";
import type { Sql } from "@rondo/db";
import type { Topic } from "@rondo/event";
import type { Consumer } from "../consumer.ts";
import { type Content, readValue } from "../content.ts";
import { deliver } from "../deliver.ts";
import { isNamed } from "../event_types.ts";
import { pauseAfter } from "../policy.ts";
import { storable } from "../storable.ts";
import { type ParkedRow, type QueueSettlement, selectParked, settleQueue } from "./queries.ts";

/** An event that is given up after it was parked. */
export interface ParkedLetter {
  readonly topic: Topic;
  readonly group: string;
  readonly key: string;
  readonly partition: number;
  readonly event: string;
  readonly reason: string;
  readonly tries: number;
  readonly first_failed_at: string | null;
}

/** How an engine keeps a dead letter. Resolves to false when it cannot just now: then the event stays parked. */
export type KeepDeadLetter = (letter: ParkedLetter) => Promise<boolean>;

export interface Trial {
  readonly sql: Sql;
  readonly consumer: Consumer;
  readonly keepDeadLetter: KeepDeadLetter;
  readonly queue: string;
  readonly claim: string;
}

/** So many events in one go, for no longer than this: then the other queues that are due get their turn. */
const atOnce = 20;
const goForMs = 2_000;
const pauseAfterErrorMs = 100;

/** Tries the events of a claimed queue in order, each alone, until one has to wait, and gives the claim back. */
export async function tryQueue(trial: Trial, over: AbortSignal): Promise<void> {
  const { sql, consumer, queue } = trial;
  const rows = await selectParked(sql, consumer.subscription, queue, atOnce);
  const gone: number[] = [];
  const until = performance.now() + goForMs;
  let stop: Omit<QueueSettlement, "gone"> = { pauseMs: 0 };
  for (const row of rows) {
    if (over.aborted || performance.now() > until) break;
    const step = await tryOne(trial, row);
    if (step !== "gone") {
      stop = step;
      break;
    }
    gone.push(row.id);
  }
  await settleWhenPossible(trial, { ...stop, gone }, over);
}

/** What was tried counts: through an outage, and no longer than the lease, after which the queue is somebody else's. */
async function settleWhenPossible({ sql, consumer, ...claimed }: Trial, result: QueueSettlement, over: AbortSignal) {
  const leaseEnds = performance.now() + consumer.leaseMs;
  for (;;) {
    try {
      return await settleQueue(sql, consumer.subscription, claimed, result);
    } catch (error) {
      if (over.aborted || performance.now() > leaseEnds) throw error;
      await consumer.gate.isAway();
      await pause(pauseAfterErrorMs, over);
      await consumer.gate.untilBack(over);
    }
  }
}

type Step = "gone" | Omit<QueueSettlement, "gone">;

async function tryOne(trial: Trial, row: ParkedRow): Promise<Step> {
  const { consumer } = trial;
  const { subscription, policy, metrics, retentionMs } = consumer;
  const content = contentOf(row);
  if (content.is !== "event") return await giveUp(trial, row, row.tries, "it cannot be read any more");
  const { event, known } = content;
  if (!isNamed(subscription.types, event.type)) return "gone";
  if (!known && subscription.reads !== "envelope") {
    const leftMs = retentionMs - row.age_ms;
    if (leftMs > 0) return { unknown_type: event.type, pauseMs: leftMs };
    return await giveUp(trial, row, row.tries, `no running program knew the version of ${event.type}`);
  }
  const tries = row.tries + 1;
  const { topic, group } = subscription;
  if (row.tries > 0) metrics.retried(topic, group);
  const { outcomes } = await deliver(consumer, [{ topic, key: row.key, event, attempt: tries }]);
  const outcome = outcomes[0] ?? { result: "done" };
  if (outcome.result === "done") return "gone";
  if (outcome.result === "unavailable") return { pauseMs: 0 };
  const reason = storable(outcome.reason);
  if (outcome.result === "refused" || tries >= policy.tries) return await giveUp(trial, row, tries, reason);
  return { again: { id: row.id, tries, reason }, pauseMs: pauseAfter(tries, policy) };
}

/** A dead letter that cannot be kept now leaves the event where it is. */
async function giveUp(trial: Trial, row: ParkedRow, tries: number, reason: string): Promise<Step> {
  const { consumer, keepDeadLetter } = trial;
  const { topic, group } = consumer.subscription;
  const isKept = await keepDeadLetter({ ...row, topic, group, tries, reason }).catch(() => false);
  if (!isKept) return { again: { id: row.id, tries: row.tries, reason }, pauseMs: consumer.policy.longestPauseMs };
  consumer.metrics.died(topic, group, 1);
  consumer.log.error("an event was given up and is kept as a dead letter", { topic, group });
  return "gone";
}

function contentOf({ event }: ParkedRow): Content {
  try {
    return readValue(JSON.parse(event));
  } catch {
    return { is: "unreadable", reason: "no JSON" };
  }
}
