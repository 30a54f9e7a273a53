import { type FieldError, notFound, Problem } from "@rondo/problem";
import { ArkErrors, type type } from "arktype";
import type { MiddlewareHandler, ValidationTargets } from "hono";
import { resolver, uniqueSymbol } from "hono-openapi";
import type { AppEnv } from "./env.ts";
import { fieldErrors, jsonPointer, type Locate, queryPointer } from "./field_errors.ts";
import { readJson } from "./json_body.ts";
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
 * @throws Problem `unsupported_media_type`, `malformed`, `too_large`, `invalid` with every wrong field
 */
export function body<const Schema extends type.Any>(schema: Schema): Validator<"json", Schema> {
  const check = strict(schema, jsonPointer);
  const handler: Validator<"json", Schema> = async (c, next) => {
    const value = await readJson(c);
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAnObject(value);
    c.req.addValidatedData("json", accept(check(value, [])));
    await next();
  };
  return documented(handler, "json", schema);
}

/**
 * The query as the schema's output: `c.req.valid("query")`. Every value arrives as a string, so numbers are
 * `type("string.integer.parse")`. Unknown and repeated parameters are refused.
 * @throws Problem `invalid` with every wrong parameter
 */
export function query<const Schema extends type.Any>(schema: Schema): Validator<"query", Schema> {
  const check = strict(schema, queryPointer);
  const handler: Validator<"query", Schema> = async (c, next) => {
    const { values, errors } = readQuery(c.req.url);
    c.req.addValidatedData("query", accept(check(values, errors)));
    await next();
  };
  return documented(handler, "query", schema);
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
  return documented(handler, "param", schema);
}

type Checked = { readonly value: object } | { readonly errors: readonly FieldError[] };

/** The schema as a check that refuses what it does not name; `found` are errors met before it. */
function strict(schema: type.Any, locate: Locate): (value: object, found: readonly FieldError[]) => Checked {
  const exact = schema.onDeepUndeclaredKey("reject");
  const known = Object.keys(propertiesOf(schema));
  return (value, found) => {
    const result: unknown = exact(value);
    const errors = result instanceof ArkErrors ? [...found, ...fieldErrors(result, locate, known)] : found;
    if (errors.length > 0 || typeof result !== "object" || result === null) return { errors };
    return { value: result };
  };
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
function propertiesOf(schema: type.Any): object {
  const json: unknown = schema.in.toJsonSchema({ fallback: (context) => context.base });
  if (typeof json !== "object" || json === null || !("properties" in json)) return {};
  return typeof json.properties === "object" && json.properties !== null ? json.properties : {};
}

/** Makes the validator appear in the OpenAPI document, by the mark that hono-openapi's own validator carries. */
function documented<Handler extends MiddlewareHandler>(
  handler: Handler,
  target: keyof ValidationTargets,
  schema: type.Any,
): Handler {
  return Object.assign(handler, { [uniqueSymbol]: { target, ...resolver(schema) } });
}
