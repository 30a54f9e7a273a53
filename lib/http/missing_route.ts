import { Problem } from "@rondo/problem";
import type { Context, Hono } from "hono";
import type { AppEnv } from "./env.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** The methods that this path does answer to (RFC 9110 section 10.2.1); HEAD comes with GET. */
function allowedMethods(app: Hono<AppEnv>, path: string): string[] {
  const allowed: string[] = [];
  for (const method of methods) {
    const [handlers] = app.router.match(method, path);
    if (handlers.some(([[, route]]) => route.method === method)) allowed.push(method);
  }
  if (allowed.includes("GET")) allowed.push("HEAD");
  return allowed;
}

/** What an address answers that leads nowhere, and one that is not shown to the caller. */
export function nothingHere(): Problem {
  return new Problem("not_found", "There is nothing at this address.");
}

/** No handler took the request: 405 when the path has other methods, else 404. */
export function missingRoute(app: Hono<AppEnv>, c: Context<AppEnv>): { problem: Problem; allow: string | undefined } {
  const allowed = allowedMethods(app, c.req.path);
  if (allowed.length === 0) return { problem: nothingHere(), allow: undefined };
  const allow = allowed.join(", ");
  return { problem: new Problem("method_not_allowed", `This address answers to ${allow} only.`), allow };
}
