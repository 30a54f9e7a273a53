import type { Fragment, Sql } from "@rondo/db";
import type { CloudEvent } from "@rondo/event";
import type { Principal } from "@rondo/identity";
import { appendEvent } from "@rondo/outbox";
import { currentTraceparent } from "@rondo/telemetry";
import type { Operation } from "../operation/queries.ts";

/** What a write leaves behind besides its row: the operation for undo and the event for everybody else. Both have one id. */
export interface Fact {
  readonly operation: Operation;
  readonly event: CloudEvent;
}

const source = "/rondo/api";

/** Of a fact that nobody asked for: the service did it by itself. */
export const byTheService = { source, actor_id: "api", actor_type: "system" } as const;

interface Subject {
  readonly id: string;
  readonly workspace_id: string;
  readonly version: number;
  readonly updated_at: string;
}

/** What the event of a change says beside its data. */
export function about(principal: Principal, subject: Subject) {
  return {
    source,
    time: subject.updated_at,
    subject: subject.id,
    workspace_id: subject.workspace_id,
    actor_id: principal.actor_id,
    actor_type: principal.actor_type,
    traceparent: currentTraceparent(),
  };
}

/** What undoing a change needs. */
export function operationOf(
  principal: Principal,
  kind: string,
  { id, subject, changes }: { id: string; subject: Subject; changes: FieldChanges },
): Operation {
  const { workspace_id, version } = subject;
  return { id, workspace_id, user_id: principal.user_id, kind, subject_id: subject.id, version, changes };
}

type FieldChanges = Record<string, [unknown, unknown]>;

/** Changes as they are written. */
export function plainChanges(changes: object): FieldChanges {
  return { ...changes };
}

/**
 * The CTEs that append a fact when the CTE `written` has a row, so that a lost race leaves nothing behind: the operation for
 * undo, and the event for everybody else.
 */
export function appendFact(sql: Sql, { operation, event }: Fact, written: Fragment): Fragment {
  const { id, workspace_id, user_id, kind, subject_id, version, changes } = operation;
  return sql`
    operation as (
      insert into api.operation (id, workspace_id, user_id, kind, subject_id, version, changes)
      select ${id}::uuid, ${workspace_id}::uuid, ${user_id}::uuid, ${kind}, ${subject_id}::uuid, ${version}::integer,
        ${JSON.stringify(changes)}::text::jsonb
      where exists (select from ${written})
    ), event as (${appendEvent(sql, "api", event, written)})`;
}
