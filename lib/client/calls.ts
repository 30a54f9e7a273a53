import {
  type CallTree,
  hasId,
  type IdOf,
  type Named,
  type ResultOf,
  type Route,
  rondo,
  type TakenHeader,
} from "@rondo/contract";
import { notFound } from "@rondo/problem";
import { discard, type Send } from "./send.ts";

/** The public interface of Rondo, in one person's (or program's) name. Every answer that is not 2xx is a thrown Problem. */
export type Api = CallsOf<typeof rondo>;

/** The calls of a contract: `api.tasks.patch(id, changes, { version })`. */
export type CallsOf<T extends CallTree> = {
  readonly [Name in keyof T]: T[Name] extends Route
    ? (...args: ArgumentsOf<T[Name]>) => Promise<ResultOf<T[Name]>>
    : T[Name] extends CallTree
      ? CallsOf<T[Name]>
      : never;
};

/** The id, the body or the query, the options; each where the route has it. */
export type ArgumentsOf<R extends Route> = [
  ...(IdOf<R> extends string ? [id: string] : []),
  ...(R["body"] extends Named<infer Schema> ? [body: Loose<Schema["inferIn"]>] : []),
  ...(R["query"] extends { readonly inferIn: infer In; readonly infer: infer Out }
    ? [query?: Parameters<In, Out>]
    : []),
  options?: OptionsOf<Taken<R>>,
];

/** What is undefined is not sent. */
type Loose<T> = { readonly [K in keyof T]: T[K] | (object extends Pick<T, K> ? undefined : never) };
/** A parameter is given as text, or as what the server makes of it. */
type Parameters<In, Out> = {
  readonly [K in keyof In]?: In[K] | (K extends keyof Out ? Out[K] : never) | undefined;
};

type Taken<R extends Route> = R["takes"] extends readonly (infer Header extends TakenHeader)[] ? Header : never;
/** `version`: sent as `If-Match`, so that a change made meanwhile by someone else is a Problem `stale` with `current`. */
export interface ChangeOptions {
  readonly version?: number | undefined;
}
/** The same key and body have their effect once, however often they are sent. */
export interface OnceOptions {
  readonly idempotency_key?: string | undefined;
}
type OptionsOf<Header> = ("If-Match" extends Header ? ChangeOptions : object) &
  ("Idempotency-Key" extends Header ? OnceOptions : object);

/** Makes the calls of a contract, each of which goes out by `send`. */
export function createCalls<T extends CallTree>(tree: T, send: Send): CallsOf<T> {
  const calls = Object.entries(tree).map(([name, node]) => [
    name,
    isRoute(node) ? callOf(node, send) : createCalls(node, send),
  ]);
  return Object.fromEntries(calls) as CallsOf<T>;
}

export function createApi(send: Send): Api {
  return createCalls(rondo, send);
}

function isRoute(node: Route | CallTree): node is Route {
  return typeof node.operationId === "string";
}

function callOf(route: Route, send: Send): (...args: unknown[]) => Promise<unknown> {
  const { service, method, path, answer } = route;
  return async (...args) => {
    const target = hasId(path) ? path.replace(":id", () => segmentOf(String(args.shift()))) : path;
    const body = route.body && asObject(args.shift());
    const query = route.query && asObject(args.shift());
    const response = await send({ service, method, path: target, body, query, ...asObject(args.shift()) });
    const value: unknown = answer.content ? await response.json() : await discard(response);
    return answer.changes ? { value, operation_id: response.headers.get("rondo-operation") } : value;
  };
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

/** An id may come from anywhere: it must not leave its segment of the path, which `..` would even when encoded. */
function segmentOf(id: string): string {
  if (/^\.{0,2}$/.test(id) || !id.isWellFormed()) throw notFound();
  return encodeURIComponent(id);
}
