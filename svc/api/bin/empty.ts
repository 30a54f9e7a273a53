import type { Sql } from "@rondo/db";
import type { CloudEvent } from "@rondo/event";
import { appendEvents } from "@rondo/outbox";
import type { Deps } from "../deps.ts";
import { byTheService } from "../thing/fact.ts";

/** How long what is deleted can be restored, and any change undone. */
export const keptMs = 30 * 86_400_000;

/** So many in one transaction: it holds their locks no longer than some milliseconds. */
const atOnce = 500;

export interface PurgeContext {
  /** What came into the bin before this goes. */
  readonly before: Date;
  readonly limit: number;
  /** What the fact of each purge begins with. */
  readonly about: (gone: { readonly id: string; readonly workspace_id: string }) => typeof byTheService & {
    readonly id: string;
    readonly time: string;
    readonly subject: string;
    readonly workspace_id: string;
  };
}

/** Deletes a piece of a feature's bin for good, the oldest first; answers the facts. What is just being restored is left alone. */
export type Purge = (sql: Sql, context: PurgeContext) => Promise<readonly CloudEvent[]>;

/**
 * Deletes for good what has been in the bins of all workspaces for its time, each leaving the fact of its purge; answers how many.
 * In small pieces; between two of them it ends when `over` is aborted.
 */
export async function emptyBin(
  { db, newId }: Pick<Deps, "db" | "newId">,
  purge: Purge,
  now: Date,
  over?: AbortSignal,
): Promise<number> {
  const before = new Date(now.getTime() - keptMs);
  const about: PurgeContext["about"] = ({ id, workspace_id }) => {
    return { ...byTheService, id: newId(), time: now.toISOString(), subject: id, workspace_id };
  };
  let total = 0;
  let count = atOnce;
  while (count === atOnce && !over?.aborted) {
    count = await db.transaction(async (tx) => {
      const facts = await purge(tx, { before, limit: atOnce, about });
      if (facts.length > 0) await appendEvents(tx, "api", facts);
      return facts.length;
    });
    total += count;
  }
  return total;
}
