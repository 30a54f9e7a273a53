import { type FieldError, Problem } from "@rondo/problem";
import { ArkErrors, type type } from "arktype";
import { fieldErrors, jsonPointer, type Locate, queryPointer } from "./field_errors.ts";
import { jsonSchemaOf } from "./openapi/schema.ts";
import type { BodyOf, QueryOf, Route } from "./route.ts";

/**
 * A value as the schema gives it out. `found` are errors met before it, such as texts that no database can keep.
 * @throws Problem `invalid` with every wrong field; members that the schema does not name are wrong at every depth
 */
export type Check<T> = (value: object, found?: readonly FieldError[]) => T;

/**
 * Checks the body of a route.
 * An object *inside* a schema needs a required member, or it would take a list for itself.
 */
export function bodyCheck<R extends Route>(route: R): Check<BodyOf<R>> {
  return checkOf<BodyOf<R>>(route.body?.schema, jsonPointer);
}

/**
 * Checks what a form would send as the body of a route. What is undefined is not sent.
 * @throws Problem `invalid`, as the server would answer it
 */
export function formCheck<R extends Route>(route: R): (typed: object) => BodyOf<R> {
  const check = bodyCheck(route);
  return (typed) => check(Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined)));
}

/** Checks the query of a route. Its values are strings. */
export function queryCheck<R extends Route>(route: R): Check<QueryOf<R>> {
  return checkOf<QueryOf<R>>(route.query, queryPointer);
}

/** The exact schema is made when it is first needed: a process uses few of all, and starts sooner. */
function checkOf<T>(schema: type.Any | undefined, locate: Locate): Check<T> {
  let exact: type.Any | undefined;
  let known: readonly string[] | undefined;
  return (value, found = []) => {
    if (schema === undefined) throw new TypeError("the route takes none");
    exact ??= schema.onDeepUndeclaredKey("reject");
    const result: unknown = exact(value);
    if (!(result instanceof ArkErrors)) return accept<T>(result, found);
    known ??= namesOf(exact);
    throw invalid(merge(fieldErrors(result, locate, known), found));
  };
}

function accept<T>(result: unknown, found: readonly FieldError[]): T {
  if (found.length > 0) throw invalid(found);
  return result as T;
}

/** What the schema says of a field is said in the field's own words, so it stands for what was met before. */
function merge(errors: readonly FieldError[], found: readonly FieldError[]): FieldError[] {
  const told = new Set(errors.map(({ pointer }) => pointer));
  return [...errors, ...found.filter(({ pointer }) => !told.has(pointer))];
}

function invalid(errors: readonly FieldError[]): Problem {
  const count = errors.length === 1 ? "One field is" : `${errors.length} fields are`;
  return new Problem("invalid", `${count} not as they must be; see "errors".`, { errors });
}

/** The names at the root; none for a union, whose branches differ. */
function namesOf(schema: type.Any): string[] {
  return Object.keys(jsonSchemaOf(schema).properties ?? {});
}
