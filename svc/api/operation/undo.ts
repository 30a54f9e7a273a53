import { type Changed, nothingUndone, type Undone } from "@rondo/contract";
import { authorize, type Principal } from "@rondo/identity";
import { notFound, Problem } from "@rondo/problem";
import type { Deps } from "../deps.ts";
import { findOperation, type Operation } from "./queries.ts";

/** How a feature undoes an operation on a thing of its own: as a new version with its own event and operation. */
export type Undo = (deps: Deps, principal: Principal, operation: Operation) => Promise<Changed<Partial<Undone>>>;

/** Who undoes, by the first word of an operation's kind: `task` undoes `task.completed`. */
export type Undoers = Readonly<Record<string, { readonly undo?: Undo }>>;

/**
 * Undoes one's own operation.
 * @throws Problem `forbidden`, `not_found` for somebody else's operation, `conflict` when the thing changed since
 */
export async function undo(
  deps: Deps,
  undoers: Undoers,
  principal: Principal,
  operationId: string,
): Promise<Changed<Undone>> {
  authorize(principal, "tasks.change");
  const { workspace_id, user_id } = principal;
  const operation = await findOperation(deps.db.sql, { id: operationId, workspace_id, user_id });
  if (!operation) throw notFound();
  const [thing = ""] = operation.kind.split(".");
  const undoThis = undoers[thing]?.undo;
  if (!undoThis) throw new Problem("conflict", "An operation of this kind cannot be undone.");
  const { value, operation_id } = await undoThis(deps, principal, operation);
  return { value: { ...nothingUndone, ...value }, operation_id };
}
