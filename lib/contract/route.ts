import type { Action } from "@rondo/identity";
import type { ProblemKind } from "@rondo/problem";
import type { type } from "arktype";
import type { Answer, Changed, Named } from "./answer.ts";

export const services = ["api", "audit"] as const;
export type Service = (typeof services)[number];

/** Headers that a route reads. */
export type TakenHeader = "If-Match" | "If-None-Match" | "Idempotency-Key" | "Rondo-Workspace";

/** One operation of the public interface: everything that its server, its callers and its readers must agree on. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** From the origin's root; its one parameter, if any, is `:id`. */
  readonly path: string;
  /** Who answers; `api` unless told. */
  readonly service?: Service;
  /** Unique, and the name in generated clients. */
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** What the caller must be allowed to do (`permissions` of @rondo/identity); or any credential, or nothing. Verbs keep it. */
  readonly access: Action | "signed_in" | "open";
  readonly query?: type.Any;
  readonly body?: Named;
  readonly answer: Answer;
  readonly takes?: readonly TakenHeader[];
  /** Kinds of problem beside those that follow from the rest: see `problemsOf`. */
  readonly problems?: readonly ProblemKind[];
}

/** The routes of one thing, by the names of their calls. */
export type Contract = Readonly<Record<string, Route>>;

/** Checks a contract and keeps its exact type. */
export function contract<const C extends Contract>(routes: C): C {
  return routes;
}

const bodyProblems = ["malformed", "too_large", "unsupported_media_type", "invalid"] as const;

/** What a route may answer instead of its success, as far as its parts tell, and what it names itself. */
export function problemsOf(route: Route): ReadonlySet<ProblemKind> {
  const { access, body, query, path, takes = [], problems = [] } = route;
  const kinds = new Set<ProblemKind>(problems);
  const add = (condition: boolean, ...more: readonly ProblemKind[]) => {
    if (condition) for (const kind of more) kinds.add(kind);
  };
  add(access !== "open", "unauthenticated");
  add(access !== "open" && access !== "signed_in", "forbidden");
  add(body !== undefined, ...bodyProblems);
  add(query !== undefined, "invalid");
  add(hasId(path) || takes.includes("Rondo-Workspace"), "not_found");
  add(takes.includes("If-Match"), "malformed", "conflict", "stale");
  add(takes.includes("Idempotency-Key"), "invalid", "conflict");
  return kinds;
}

export function hasId(path: string): boolean {
  return path.includes("/:id");
}

/** The body as the schema gives it out. */
export type BodyOf<R extends Route> = R["body"] extends Named<infer Schema> ? Schema["infer"] : undefined;
/** The query as the schema gives it out. */
export type QueryOf<R extends Route> = R["query"] extends type.Any ? R["query"]["infer"] : undefined;
export type IdOf<R extends Route> = R["path"] extends `${string}/:id${string}` ? string : undefined;
/** What a handler returns and a call resolves to. */
export type ResultOf<R extends Route> =
  R["answer"] extends Answer<infer Value, infer Changes> ? (Changes extends true ? Changed<Value> : Value) : never;
