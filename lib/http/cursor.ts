import { createHash } from "node:crypto";
import type { Page } from "@rondo/contract";
import { Problem } from "@rondo/problem";

/** Where a page ended: the sort key and id of its last thing. The next page begins behind it, whatever was changed meanwhile. */
export interface Place {
  readonly key: string;
  readonly id: string;
}

const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An opaque cursor that is good for one list only: `scope` says everything that must stay the same (workspace, filter, sort). */
export function encodeCursor(scope: string, { key, id }: Place): string {
  return Buffer.from(JSON.stringify([key, id, seal(scope, key, id)])).toString("base64url");
}

/**
 * @param isKey whether a sort key can be compared with: the seal is no secret, so a cursor may say anything
 * @throws Problem `invalid` at `query:cursor` for a cursor of another list, and for what is none
 */
export function decodeCursor(scope: string, cursor: string, isKey: (key: string) => boolean): Place {
  const [key, id, sealed] = parse(cursor);
  if (typeof key !== "string" || typeof id !== "string" || !idForm.test(id) || !isKey(key)) throw notACursor();
  if (sealed !== seal(scope, key, id)) throw notACursor();
  return { key, id };
}

/**
 * One page of what was found by asking for one more than `limit`.
 * @param keyOf the sort key of a thing
 */
export function pageOf<T extends { readonly id: string }>(
  found: readonly T[],
  { limit, scope, keyOf }: { limit: number; scope: string; keyOf: (last: T) => string },
): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const isLast = last === undefined || found.length <= limit;
  return { items, next_cursor: isLast ? null : encodeCursor(scope, { key: keyOf(last), id: last.id }) };
}

function parse(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function seal(scope: string, key: string, id: string): string {
  return createHash("sha256")
    .update(JSON.stringify([scope, key, id]))
    .digest("base64url")
    .slice(0, 16);
}

function notACursor(): Problem {
  const detail = "Send next_cursor as it was answered, with the same filter and sort, or leave it out to begin again.";
  return new Problem("invalid", "The cursor does not belong to this list.", {
    errors: [{ pointer: "query:cursor", detail }],
  });
}
