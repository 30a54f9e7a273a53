import { type AppEnv, etag, isKnown } from "@rondo/http";
import type { Context } from "hono";
import type { Changed } from "./change.ts";

interface Versioned {
  readonly version: number;
}

/** A thing that was asked for, or 304 for who has it already. */
export function answerRead(c: Context<AppEnv>, value: Versioned): Response {
  return isKnown(c, value.version) ? c.body(null, 304, { etag: etag(value.version) }) : answerThing(c, value);
}

/** A thing with its entity tag. */
function answerThing(c: Context<AppEnv>, value: Versioned): Response {
  c.header("etag", etag(value.version));
  return c.json(value);
}

/** A changed thing, with the operation by which to undo the change. */
export function answerChange(c: Context<AppEnv>, { value, operation_id }: Changed<Versioned>): Response {
  if (operation_id !== null) c.header("rondo-operation", operation_id);
  return answerThing(c, value);
}

/** A new thing and where it is. */
export function answerCreated(
  c: Context<AppEnv>,
  made: Changed<Versioned & { id: string }>,
  collection: string,
): Response {
  c.status(201);
  c.header("location", `${collection}/${made.value.id}`);
  return answerChange(c, made);
}
