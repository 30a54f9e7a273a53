import type { AuditEntry, AuditQuery, Page } from "@rondo/contract";
import type { Database } from "@rondo/db";
import { decodeCursor, pageOf } from "@rondo/http";
import { authorize, type Principal } from "@rondo/identity";
import { isInstant } from "@rondo/task";
import { selectEntries } from "./queries.ts";

/**
 * A page of the trail, newest first. `from` is inclusive, `to` exclusive. What is named and does not exist, or belongs to
 * another workspace, has no entries: the two look alike.
 * @throws Problem `forbidden`, `invalid` for a cursor of another list
 */
export async function listEntries(
  { db }: { db: Database },
  principal: Principal,
  { limit = 50, cursor, ...query }: AuditQuery,
): Promise<Page<AuditEntry>> {
  authorize(principal, "history.read");
  const filter = {
    workspace_id: principal.workspace_id,
    task_id: query.task_id,
    project_id: query.project_id,
    actor_id: query.actor_id,
    type: query.type,
    from: query.from,
    to: query.to,
  };
  const scope = JSON.stringify(filter);
  const behind = cursor === undefined ? undefined : decodeCursor(scope, cursor, isInstant);
  const found = await selectEntries(db.sql, { ...filter, behind, limit: limit + 1 });
  return pageOf(found, { limit, scope, keyOf: ({ time }) => time });
}
