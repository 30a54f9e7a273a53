import type { Api } from "@rondo/client";
import type { AppEnv } from "@rondo/http";
import { can, type Identified } from "@rondo/identity";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { WebDeps } from "./deps.ts";
import { type Reader, readReader } from "./format/reader.ts";
import { type Here, parseHere } from "./view/view.ts";

/** A request of someone who is signed in, read once. */
export interface Asked {
  readonly api: Api;
  readonly user_id: string;
  readonly reader: Reader;
  /** What the browser shows: for a page its own URL, for everything else the one it was sent from. */
  readonly here: Here;
}

export interface WebEnv {
  Bindings: AppEnv["Bindings"];
  Variables: AppEnv["Variables"] & { asked: Asked };
}

/** Finds out who asks and from where. @throws Problem `unauthenticated` */
export function askedBy({ client, authenticator, clock }: WebDeps) {
  return createMiddleware<WebEnv>(async (c, next) => {
    const { bearer, principal }: Identified = await authenticator.identify(c.req.raw);
    c.set("asked", {
      api: client.as({ bearer }, { signal: c.get("deadline") }),
      user_id: principal.user_id,
      reader: readReader(c, clock(), (action) => can(principal, action)),
      here: parseHere(c.req.method === "GET" ? new URL(c.req.url) : pageOf(c)),
    });
    await next();
  });
}

/** Whether only a part of the page is wanted. Boosted links to another place, and Back, want all of it. */
export function isPartial(c: Context): boolean {
  return c.req.header("hx-request-type") === "partial";
}

/** The id of the element that the answer goes into, as htmx tells it (`section#list`). */
export function targetOf(c: Context): string | undefined {
  return c.req.header("hx-target")?.split("#")[1];
}

/** The page that the browser shows while it sends this: htmx says so, a plain form by its referrer. Only the path of it counts. */
export function pageOf(c: Context): URL {
  const said = c.req.header("hx-current-url") ?? c.req.header("referer");
  return URL.parse(said ?? "/inbox", c.req.url) ?? new URL("/inbox", c.req.url);
}
