import type { Database } from "@rondo/db";
import { eventTypes } from "@rondo/event";
import { decodeCursor, encodeCursor } from "@rondo/http";
import { authorize, type Principal } from "@rondo/identity";
import { idSchema, isInstant, momentSchema } from "@rondo/task";
import { type } from "arktype";
import type { Entry } from "./entry.ts";
import { selectEntries } from "./queries.ts";

const facts = eventTypes.filter((eventType) => eventType !== "workspace.changed.v1");

/** The query of `GET /audit`. All parameters combine with AND. */
export const entryQuerySchema = type({
  "task_id?": idSchema,
  "project_id?": idSchema,
  "actor_id?": type("1 <= string <= 200").describe("an actor's id"),
  "type?": type.enumerated(...facts),
  "from?": momentSchema,
  "to?": momentSchema,
  "limit?": type(/^(?:[1-9]|[1-9]\d|1\d\d|200)$/)
    .describe("a whole number from 1 to 200")
    .pipe(Number),
  "cursor?": type("1 <= string <= 4096").describe("next_cursor of the page before"),
});
export type EntryQuery = typeof entryQuerySchema.infer;

export interface EntryPage {
  readonly items: readonly Entry[];
  readonly next_cursor: string | null;
}

/**
 * A page of the trail, newest first. `from` is inclusive, `to` exclusive. What is named and does not exist, or belongs to
 * another workspace, has no entries: the two look alike.
 * @throws Problem `forbidden`, `invalid` for a cursor of another list
 */
export async function listEntries(
  { db }: { db: Database },
  principal: Principal,
  { limit = 50, cursor, ...query }: EntryQuery,
): Promise<EntryPage> {
  authorize(principal, "tasks:read");
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
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    next_cursor:
      last !== undefined && found.length > limit ? encodeCursor(scope, { key: last.time, id: last.id }) : null,
  };
}
