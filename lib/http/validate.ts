import { type FieldError, notFound, Problem } from "@rondo/problem";
import { ArkErrors, type type } from "arktype";
import type { MiddlewareHandler, ValidationTargets } from "hono";
import { uniqueSymbol } from "hono-openapi";
import type { AppEnv } from "./env.ts";
import { fieldErrors, jsonPointer, type Locate, queryPointer } from "./field_errors.ts";
import { readJson } from "./json_body.ts";
import { componentOf, jsonSchemaOf, type SchemaReference } from "./openapi_schema.ts";
import { readQuery } from "./query_string.ts";

/** A middleware whose result a handler reads with `c.req.valid(target)`, typed by the schema. */
type Validator<Target extends keyof ValidationTargets, Schema extends type.Any> = MiddlewareHandler<
  AppEnv,
  string,
  { in: { [Key in Target]: Schema["inferIn"] }; out: { [Key in Target]: Schema["infer"] } }
>;

/**
 * The JSON body as the schema's output: `c.req.valid("json")`. Always an object; members that the schema does not name are
 * refused at every depth. An object *inside* the schema needs a required member, or it would take a list for itself.
 * @param name keeps the schema in the OpenAPI document under `components.schemas`
 * @throws Problem `unsupported_media_type`, `malformed`, `too_large`, `invalid` with every wrong field
 */
export function body<const Schema extends type.Any>(schema: Schema, name?: string): Validator<"json", Schema> {
  const exact = schema.onDeepUndeclaredKey("reject");
  const check = checkOf(exact, jsonPointer);
  const handler: Validator<"json", Schema> = async (c, next) => {
    const { value, errors } = await readJson(c);
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAnObject(value);
    c.req.addValidatedData("json", accept(check(value, errors)));
    await next();
  };
  return documented(handler, "json", componentOf(exact, name));
}

/**
 * The query as the schema's output: `c.req.valid("query")`. Every value arrives as a string, so numbers are
 * `type("string.integer.parse")`. Unknown and repeated parameters are refused.
 * @throws Problem `invalid` with every wrong parameter
 */
export function query<const Schema extends type.Any>(schema: Schema): Validator<"query", Schema> {
  const check = checkOf(schema.onDeepUndeclaredKey("reject"), queryPointer);
  const handler: Validator<"query", Schema> = async (c, next) => {
    const { values, errors } = readQuery(c.req.url);
    c.req.addValidatedData("query", accept(check(values, errors)));
    await next();
  };
  return documented(handler, "query", componentOf(schema, undefined));
}

/**
 * The path's parameters as the schema's output: `c.req.valid("param")`.
 * @throws Problem `not_found`: an id that is no id names nothing, and the answer is the same as for one that is missing
 */
export function params<const Schema extends type.Any>(schema: Schema): Validator<"param", Schema> {
  const handler: Validator<"param", Schema> = async (c, next) => {
    const value = schema(c.req.param());
    if (value instanceof ArkErrors) throw notFound();
    c.req.addValidatedData("param", value);
    await next();
  };
  return documented(handler, "param", componentOf(schema, undefined));
}

type Checked = { readonly value: object } | { readonly errors: readonly FieldError[] };

/** A schema that refuses what it does not name, as a check; `found` are errors met before it. */
function checkOf(exact: type.Any, locate: Locate): (value: object, found: readonly FieldError[]) => Checked {
  let known: readonly string[] | undefined;
  const told = (errors: ArkErrors) => {
    known ??= namesOf(exact);
    return fieldErrors(errors, locate, known);
  };
  return (value, found) => {
    const result: unknown = exact(value);
    const errors = result instanceof ArkErrors ? merge(told(result), found) : found;
    if (errors.length > 0 || typeof result !== "object" || result === null) return { errors };
    return { value: result };
  };
}

/** What the schema says of a field is said in the field's own words, so it stands for what was met before. */
function merge(errors: readonly FieldError[], found: readonly FieldError[]): FieldError[] {
  const told = new Set(errors.map(({ pointer }) => pointer));
  return [...errors, ...found.filter(({ pointer }) => !told.has(pointer))];
}

function accept(checked: Checked): object {
  if ("value" in checked) return checked.value;
  const { errors } = checked;
  const count = errors.length === 1 ? "One field is" : `${errors.length} fields are`;
  throw new Problem("invalid", `${count} not as they must be; see "errors".`, { errors });
}

function notAnObject(value: unknown): Problem {
  const what = value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
  return new Problem("invalid", "The body must be an object.", {
    errors: [{ pointer: "", detail: `Must be an object, not ${what}.` }],
  });
}

/** The names at the root; none for a union, whose branches differ. */
function namesOf(schema: type.Any): string[] {
  const json = jsonSchemaOf(schema);
  return "properties" in json ? Object.keys(json.properties ?? {}) : [];
}

/** Makes the validator appear in the OpenAPI document, by the mark that hono-openapi's own validator carries. */
function documented<Handler extends MiddlewareHandler>(
  handler: Handler,
  target: keyof ValidationTargets,
  reference: SchemaReference,
): Handler {
  return Object.assign(handler, { [uniqueSymbol]: { target, ...reference } });
}
