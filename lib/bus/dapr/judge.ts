import type { Answer } from "../deliver.ts";
import { pauseAfter } from "../policy.ts";
import type { DeliveryPolicy, Outcome } from "../port.ts";
import { failed, giveUp, type Item, settle } from "./item.ts";

/** The next items for the handler, in their order: none that was tried before, and none that waits behind one of its key. */
export function nextBatch(items: readonly Item[], size: number): Item[] {
  const held = new Set<string | undefined>();
  const batch: Item[] = [];
  for (const item of items) {
    if (item.state === "settled") continue;
    if (item.state === "dead" || item.tries > 0 || held.has(item.key)) held.add(item.key);
    else if (batch.push(item) === size) break;
  }
  return batch;
}

/**
 * Notes what the handler said of a batch. The first event of a key that must be tried again holds the key: its later ones
 * wait behind it. An answer for the batch as a whole blames everyone and kills nobody: each of its events is tried again
 * alone before it can be given up.
 */
export function judgeBatch(batch: readonly Item[], { outcomes, whole }: Answer, policy: DeliveryPolicy): void {
  const held = new Set<string | undefined>();
  const spare = whole && batch.length > 1;
  for (const [index, item] of batch.entries()) {
    const outcome: Outcome = outcomes[index] ?? { result: "failed", reason: "no outcome" };
    if (outcome.result === "failed" && held.has(item.key) && !spare) continue;
    item.tries += 1;
    if (outcome.result === "done") settle(item);
    else if (outcome.result === "refused" || (item.tries >= policy.tries && !spare)) giveUp(item, outcome.reason);
    else {
      failed(item, outcome.reason, pauseAfter(item.tries, policy));
      held.add(item.key);
    }
  }
}
