import type { Changed } from "@rondo/contract";
import { isUniqueViolation } from "@rondo/db";
import type { Deps } from "../deps.ts";
import { findCreation } from "../operation/queries.ts";
import type { Fact } from "./fact.ts";

/** How a feature writes a new thing of its own. */
export interface Creation<T> {
  readonly value: T;
  readonly fact: Fact;
  readonly insert: () => Promise<void>;
  /** The constraint that a second thing of the same id violates. */
  readonly primaryKey: string;
  /** The thing of this id, when an earlier try of the same request made it. */
  readonly find: () => Promise<T | undefined>;
}

/** Writes a new thing with its fact. When an earlier try of the request died between its commit and its answer, answers what it made. */
export async function createThing<T extends { readonly id: string; readonly workspace_id: string }>(
  { db, wakeRelay }: Pick<Deps, "db" | "wakeRelay">,
  { value, fact, insert, primaryKey, find }: Creation<T>,
): Promise<Changed<T>> {
  try {
    await insert();
  } catch (error) {
    const made = isUniqueViolation(error, primaryKey) && (await find());
    if (!made) throw error;
    return { value: made, operation_id: await findCreation(db.sql, made) };
  }
  wakeRelay();
  return { value, operation_id: fact.operation.id };
}
