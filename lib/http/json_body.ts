import { isUtf8 } from "node:buffer";
import { type Check, escapePointer } from "@rondo/contract";
import { type FieldError, Problem } from "@rondo/problem";
import type { Context } from "hono";
import { tooLarge } from "./body_limit.ts";
import type { AppEnv } from "./env.ts";
import { findJsonError } from "./json_position.ts";

/** Far above what any body of ours needs, far below what could exhaust a stack. */
const deepest = 32;
/** Members and items of the whole body. A longer one is an attack on the validator, which takes microseconds for each. */
const mostValues = 10_000;

const jsonType = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const decoder = new TextDecoder();

interface JsonBody {
  readonly value: unknown;
  /** Texts that no database can keep: NUL, half a surrogate pair. */
  readonly errors: readonly FieldError[];
}

/**
 * The JSON body of a request, checked. It must be an object.
 * @throws Problem `unsupported_media_type`, `too_large`, `malformed` (not UTF-8, not JSON, nested too deeply, too many values),
 * `invalid` with every wrong field
 */
export async function readBody<T>(c: Context<AppEnv>, check: Check<T>): Promise<T> {
  const { value, errors } = await readJson(c);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAnObject(value);
  return check(value, errors);
}

function notAnObject(value: unknown): Problem {
  const what = value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
  return new Problem("invalid", "The body must be an object.", {
    errors: [{ pointer: "", detail: `Must be an object, not ${what}.` }],
  });
}

async function readJson(c: Context<AppEnv>): Promise<JsonBody> {
  requireJson(c.req.raw.headers.get("content-type"));
  const value = parse(await readText(c));
  const errors: FieldError[] = [];
  inspect(value, "", 0, { left: mostValues, errors });
  return { value, errors };
}

function requireJson(contentType: string | null): void {
  if (contentType !== null && jsonType.test(contentType)) return;
  throw new Problem("unsupported_media_type", "Send the body as application/json.");
}

async function readText(c: Context<AppEnv>): Promise<string> {
  const bytes = await c.req.arrayBuffer();
  const { bodyLimit } = c.get("reading");
  if (bytes.byteLength > bodyLimit) throw tooLarge(bodyLimit);
  if (!isUtf8(bytes)) throw new Problem("malformed", "The body is not valid UTF-8.");
  return decoder.decode(bytes);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem("malformed", findJsonError(text), { cause });
  }
}

interface Inspection {
  left: number;
  readonly errors: FieldError[];
}

function inspect(value: unknown, pointer: string, depth: number, state: Inspection): void {
  state.left -= 1;
  if (state.left < 0) throw new Problem("malformed", `The body may have at most ${mostValues} values.`);
  if (typeof value === "string") {
    if (!isStorable(value)) state.errors.push({ pointer, detail: unstorable });
  } else if (typeof value === "object" && value !== null) {
    if (depth === deepest) throw new Problem("malformed", `The body may be nested at most ${deepest} levels deep.`);
    for (const key in value) {
      inspect(Reflect.get(value, key), `${pointer}/${escapePointer(key)}`, depth + 1, state);
    }
  }
}

export const unstorable = "Remove the NUL characters and unpaired surrogates.";

/** Whether PostgreSQL can keep the text: no NUL, no lone surrogate (which UTF-8 cannot say). */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
