import { parseEvent } from "@rondo/event";
import type { Answer } from "../deliver.ts";
import { pauseAfter } from "../policy.ts";
import type { Delivery, DeliveryPolicy, Outcome } from "../port.ts";
import type { BatchSettlement, Failed } from "./failure_queries.ts";
import type { Assignment, LogRow } from "./log_queries.ts";

/** A row of a batch: one to hand out, one that nobody can read, or one that waits behind an earlier event of its key. */
export type Sorted =
  | { readonly kind: "deliver"; readonly row: LogRow; readonly delivery: Delivery }
  | { readonly kind: "unreadable"; readonly row: LogRow; readonly reason: string }
  | { readonly kind: "wait"; readonly row: LogRow };

/** Reads the rows of a batch; `held` are the keys that have events waiting already. */
export function sortBatch(
  rows: readonly LogRow[],
  assignment: Assignment,
  held: { has(key: string): boolean },
): Sorted[] {
  return rows.map((row) => {
    if (held.has(row.key)) return { kind: "wait", row };
    const read = readEvent(row, assignment, 1);
    return typeof read === "string"
      ? { kind: "unreadable", row, reason: read }
      : { kind: "deliver", row, delivery: read };
  });
}

/** The delivery of a row, or why nobody can read its event: newer programs and other publishers write to the log too. */
export function readEvent(
  row: { key: string; event: unknown },
  assignment: Assignment,
  attempt: number,
): Delivery | string {
  const parsed = parseEvent(row.event);
  if (!parsed.ok) return parsed.reasons.join("; ");
  if (!parsed.known) return `unknown event type ${parsed.event.type}`;
  return { topic: assignment.topic, key: row.key, event: parsed.event, attempt };
}

/**
 * What to keep of a batch after the handler's answer. The first event of a key that must be tried again holds the key:
 * its later ones wait behind it. An answer for the batch as a whole blames everyone and kills nobody: each of its events
 * is tried again alone before it can be given up.
 */
export function settlementOf(batch: readonly Sorted[], answer: Answer, policy: DeliveryPolicy): BatchSettlement {
  const parked: Failed[] = [];
  const dead: Failed[] = [];
  const held = new Set<string>();
  const outcomes = answer.outcomes.values();
  const spare = answer.whole && answer.outcomes.length > 1;
  for (const item of batch) {
    if (item.kind === "wait") parked.push(kept(item.row, 0, null, 0));
    else if (item.kind === "unreadable") dead.push(kept(item.row, 0, item.reason, 0));
    else {
      const outcome: Outcome = outcomes.next().value ?? { result: "failed", reason: "no outcome" };
      if (outcome.result === "refused") dead.push(kept(item.row, 1, outcome.reason, 0));
      else if (outcome.result === "failed" && held.has(item.row.key) && !spare) parked.push(kept(item.row, 0, null, 0));
      else if (outcome.result === "failed" && policy.tries <= 1 && !spare)
        dead.push(kept(item.row, 1, outcome.reason, 0));
      else if (outcome.result === "failed") {
        parked.push(kept(item.row, 1, outcome.reason, held.has(item.row.key) ? 0 : pauseAfter(1, policy)));
        held.add(item.row.key);
      }
    }
  }
  return { parked, dead };
}

function kept(row: LogRow, tries: number, reason: string | null, pauseMs: number): Failed {
  return { key: row.key, event: row.event, tries, reason, first_failed_at: null, pause_ms: pauseMs };
}
