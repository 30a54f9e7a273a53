import type { Changed, Route } from "@rondo/contract";
import type { Context } from "hono";
import type { AppEnv } from "./env.ts";
import { etag, isKnown } from "./preconditions.ts";

/** The result of a handler in the form that its contract promises: status, headers, body; or 304 for who has it already. */
export function answerOf(c: Context<AppEnv>, route: Route, result: unknown): Response {
  const { answer, takes = [], path } = route;
  const { status, headers, changes } = answer;
  const { value, operation_id } = changes ? (result as Changed<unknown>) : { value: result, operation_id: null };
  if (operation_id !== null) c.header("rondo-operation", operation_id);
  if (headers.includes("ETag")) {
    const { version } = value as { readonly version: number };
    c.header("etag", etag(version));
    if (takes.includes("If-None-Match") && isKnown(c, version)) return c.body(null, 304);
  }
  if (headers.includes("Location")) c.header("location", `${path}/${(value as { readonly id: string }).id}`);
  return status === 204 ? c.body(null, 204) : c.json(value, status);
}
