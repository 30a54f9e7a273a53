import type { RuleError } from "./due.ts";

/** What changed: for each field its value before and after, as events, audit and undo carry it. */
export type Changes<T> = { readonly [Field in keyof T]?: readonly [before: T[Field] | null, after: T[Field] | null] };

/** What a rule answers: the thing as it shall be and what that changes, nothing to do, or why not. */
export type Decision<T> =
  | { readonly kind: "changed"; readonly next: T; readonly changes: Changes<T> }
  | Unchanged
  | Refusal;

/** `invalid`: the request contradicts itself. `conflict`: the thing's state does not allow it. */
export interface Refusal {
  readonly kind: "refused";
  readonly reason: "invalid" | "conflict";
  /** For the reader of the answer. */
  readonly detail: string;
  readonly errors: readonly RuleError[];
}

export type Unchanged = { readonly kind: "unchanged" };

export const unchanged: Unchanged = { kind: "unchanged" };

export function conflict(detail: string): Refusal {
  return { kind: "refused", reason: "conflict", detail, errors: [] };
}

export function invalid(errors: readonly RuleError[]): Refusal {
  return { kind: "refused", reason: "invalid", detail: "Some fields are invalid together.", errors };
}

interface Versioned {
  readonly version: number;
  readonly updated_at: string;
}

/** The fields of `wanted` that differ from `current`, with both values. */
export function differences<T extends object>(current: T, wanted: Partial<T>): Changes<T> {
  const changes: { [Field in keyof T]?: readonly [T[Field] | null, T[Field] | null] } = {};
  for (const field of keysOf(wanted)) {
    const after = wanted[field];
    if (after !== undefined && after !== current[field]) changes[field] = [current[field], after];
  }
  return changes;
}

function keysOf<T extends object>(value: Partial<T>): (keyof T)[] {
  return Object.keys(value) as (keyof T)[];
}

/** Applies `wanted` to `current` as its next version; `unchanged` when every field has its value already. */
export function change<T extends Versioned>(current: T, wanted: Partial<T>, now: string): Decision<T> {
  const changes = differences(current, wanted);
  if (Object.keys(changes).length === 0) return unchanged;
  return { kind: "changed", next: { ...current, ...wanted, version: current.version + 1, updated_at: now }, changes };
}

/** The fields as they were before the changes. */
export function valuesBefore<T>(changes: Changes<T>): Partial<T> {
  const entries = Object.entries(changes) as [string, readonly [unknown, unknown]][];
  return Object.fromEntries(entries.map(([field, [before]]) => [field, before])) as Partial<T>;
}

/** What an operation did, as far as its undoing needs to know. */
export interface Undoable<T> {
  /** The event type without its version, such as `task.created`. */
  readonly kind: string;
  /** The version that the operation made. */
  readonly version: number;
  readonly changes: Changes<T>;
}

export const changedSince = conflict("This changed after the operation, so the operation can no longer be undone.");
