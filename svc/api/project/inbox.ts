import type { Database } from "@rondo/db";
import { createBoundedCache } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import { findInbox } from "./queries.ts";

/** Which project of a workspace is its Inbox. It never changes, so it is asked once. */
export interface Inboxes {
  of(workspaceId: string): string | Promise<string>;
}

const dayMs = 86_400_000;

export function createInboxes({ sql }: Pick<Database, "sql">): Inboxes {
  const known = createBoundedCache<string>({ capacity: 10_000, ttlMs: dayMs, now: () => performance.now() });
  const ask = async (workspaceId: string): Promise<string> => {
    const id = await findInbox(sql, workspaceId);
    if (id === undefined) throw notFound();
    known.set(workspaceId, id);
    return id;
  };
  return { of: (workspaceId) => known.get(workspaceId) ?? ask(workspaceId) };
}
