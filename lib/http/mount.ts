import {
  type BodyOf,
  bodyCheck,
  type Contract,
  hasId,
  type IdOf,
  type QueryOf,
  queryCheck,
  type ResultOf,
  type Route,
} from "@rondo/contract";
import type { Principal } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import { idSchema } from "@rondo/task";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { answerOf } from "./answer.ts";
import type { Identify } from "./caller.ts";
import type { AppEnv } from "./env.ts";
import { readBody } from "./json_body.ts";
import { ifMatch } from "./preconditions.ts";
import { readQuery } from "./query_string.ts";

/** What of its request a handler is given, checked by the contract. */
export interface Call<R extends Route> {
  readonly principal: R["access"] extends "open" ? undefined : Principal;
  readonly id: IdOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
  /** Of `If-Match`. */
  readonly version: number | undefined;
  /** The id that a thing to be created must have: see `idempotency`. */
  readonly reserved_id: string | undefined;
  /** For what no contract says, such as cookies. */
  readonly c: Context<AppEnv>;
}

export type Handlers<C extends Contract> = {
  readonly [Name in keyof C]: (call: Call<C[Name]>) => ResultOf<C[Name]> | Promise<ResultOf<C[Name]>>;
};

/** What stands before the handlers of a service. */
export interface Guards {
  readonly identify: Identify;
  /** For routes that take `Idempotency-Key`: see `idempotency`. */
  readonly once?: MiddlewareHandler<AppEnv>;
}

/**
 * The routes of a contract. For each request, in this order: who calls, the id, the idempotency key, the body or the query, the
 * handler; and its result is answered as the contract says.
 */
export function mount<C extends Contract>(contract: C, guards: Guards, handlers: Handlers<C>): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  for (const [name, route] of Object.entries(contract)) {
    mountRoute(app, route, guards, handlers[name] as Handler);
  }
  return app;
}

/** A `Call`, of whichever route. */
type AnyCall = { readonly [Part in keyof Call<Route>]: unknown };
type Handler = (call: AnyCall) => unknown;

function mountRoute(app: Hono<AppEnv>, route: Route, guards: Guards, handler: Handler): void {
  const { method, path, access, takes = [] } = route;
  const isOpen = access === "open";
  const namesOne = hasId(path);
  const read = readerOf(route);
  const enter = async (c: Context<AppEnv>): Promise<void> => {
    if (!isOpen) await guards.identify(c);
    if (namesOne && !idSchema.allows(c.req.param("id"))) throw notFound();
  };
  const carryOut = async (c: Context<AppEnv>): Promise<Response> => answerOf(c, route, await handler(await read(c)));

  if (!takes.includes("Idempotency-Key")) {
    app.on(method, path, async (c) => {
      await enter(c);
      return carryOut(c);
    });
    return;
  }
  if (guards.once === undefined) throw new TypeError(`${method} ${path} takes Idempotency-Key: it needs \`once\``);
  const entered: MiddlewareHandler<AppEnv> = async (c, next) => {
    await enter(c);
    await next();
  };
  app.on(method, path, entered, guards.once, carryOut);
}

/**
 * Reads what the contract says of a request.
 * @throws Problem `unsupported_media_type`, `malformed`, `too_large`, `invalid` with every wrong field
 */
function readerOf(route: Route): (c: Context<AppEnv>) => Promise<AnyCall> {
  const { takes = [] } = route;
  const checkBody = bodyCheck(route);
  const checkQuery = queryCheck(route);
  const takesVersion = takes.includes("If-Match");
  return async (c) => ({
    principal: c.get("principal"),
    id: c.req.param("id"),
    query: route.query && readQuery(c.req.url, checkQuery),
    body: route.body && (await readBody(c, checkBody)),
    version: takesVersion ? ifMatch(c) : undefined,
    reserved_id: c.get("reserved_id"),
    c,
  });
}
