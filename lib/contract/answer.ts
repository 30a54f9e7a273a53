import type { type } from "arktype";
import type { Page } from "./page.ts";

/** A schema, and the name under which the OpenAPI document keeps it for all routes. */
export interface Named<Schema extends type.Any = type.Any> {
  readonly name: string;
  readonly schema: Schema;
}

export function named<const Schema extends type.Any>(name: string, schema: Schema): Named<Schema> {
  return { name, schema };
}

export type AnswerHeader = "ETag" | "Location" | "Rondo-Operation";

/** A thing after a change, and the operation that undoes it; `null` when there was nothing to change. */
export interface Changed<T> {
  readonly value: T;
  readonly operation_id: string | null;
}

/** What a route answers when all went well. `Value` is the body; with `Changes` it comes with the operation that undoes it. */
export interface Answer<Value = unknown, Changes extends boolean = boolean> {
  readonly status: 200 | 201 | 204;
  readonly description: string;
  /** Absent with 204. */
  readonly content?: Named;
  /** Several of them in one page: `{items, next_cursor}`. */
  readonly list: boolean;
  readonly headers: readonly AnswerHeader[];
  readonly changes: Changes;
  /** Only for the compiler. */
  readonly value?: Value;
}

interface Versioned {
  readonly version: number;
}

type Thing<T> = Named<type.Any<T>>;

/** A thing, with its version as the entity tag. */
export function thing<T extends Versioned>(content: Thing<T>, description: string): Answer<T, false> {
  return { status: 200, description, content, list: false, headers: ["ETag"], changes: false };
}

/** A thing as a change left it, with the operation that undoes the change. */
export function changed<T extends Versioned>(content: Thing<T>, description: string): Answer<T, true> {
  return { status: 200, description, content, list: false, headers: ["ETag", "Rondo-Operation"], changes: true };
}

/** A new thing, where it is, and the operation that undoes its making. */
export function created<T extends Versioned & { readonly id: string }>(
  content: Thing<T>,
  description: string,
): Answer<T, true> {
  const headers = ["ETag", "Location", "Rondo-Operation"] as const;
  return { status: 201, description, content, list: false, headers, changes: true };
}

/** What a change of several things did. */
export function effect<T>(content: Thing<T>, description: string): Answer<T, true> {
  return { status: 200, description, content, list: false, headers: ["Rondo-Operation"], changes: true };
}

/** The thing is gone for every reader, but its deletion can be undone. */
export function removed(description: string): Answer<undefined, true> {
  return { status: 204, description, list: false, headers: ["Rondo-Operation"], changes: true };
}

/** One page of things. */
export function page<T>(content: Thing<T>, description: string): Answer<Page<T>, false> {
  return { status: 200, description, content, list: true, headers: [], changes: false };
}

/** Anything without a version. */
export function value<T>(content: Thing<T>, description: string, status: 200 | 201 = 200): Answer<T, false> {
  return { status, description, content, list: false, headers: [], changes: false };
}

export function nothing(description: string): Answer<void, false> {
  return { status: 204, description, list: false, headers: [], changes: false };
}
