import type { Context } from "hono";
import { isTrustedCaller, type Proxies } from "./client_address.ts";
import type { AppEnv } from "./env.ts";

/** Fits every usual form of id and nothing that could forge a line of a log. */
const sane = /^[\w.-]{1,64}$/;

/** The caller's `X-Request-Id` when it is one of ours (a known proxy, a service in this process) and sane; else a new UUIDv7. */
export function requestIdOf(c: Context<AppEnv>, proxies: Proxies): string {
  const given = c.req.raw.headers.get("x-request-id");
  if (given !== null && sane.test(given) && isTrustedCaller(c, proxies)) return given;
  return Bun.randomUUIDv7();
}
