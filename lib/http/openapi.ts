import { type ProblemKind, problemKinds } from "@rondo/problem";
import type { type } from "arktype";
import type { MiddlewareHandler } from "hono";
import { describeRoute } from "hono-openapi";
import { componentOf, type SchemaReference } from "./openapi_schema.ts";

type RouteDescription = Parameters<typeof describeRoute>[0];

export interface Success {
  /** 200 by default; with 204 there is no schema. */
  readonly status?: 200 | 201 | 202 | 204;
  readonly description: string;
  /** The body, and the name under which the document keeps its schema for all routes. */
  readonly schema?: type.Any;
  readonly name?: string;
  /** Several of them in one page: `{items, next_cursor}`. */
  readonly list?: boolean;
  /** Names from `components.headers`. */
  readonly headers?: readonly ("ETag" | "Rondo-Operation" | "Location")[];
}

export interface RouteOptions {
  readonly summary: string;
  readonly description?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly success: Success;
  /** Kinds of problem beside those that every route may answer. `bodyErrors` for routes that read a body. */
  readonly errors?: readonly ProblemKind[];
  /** Parameters from `components.parameters` that the route reads from its headers. */
  readonly takes?: readonly ("If-Match" | "If-None-Match" | "Idempotency-Key" | "Rondo-Workspace")[];
  /** No credential is needed. */
  readonly open?: boolean;
}

/** What reading and checking a JSON body may answer. */
export const bodyErrors = ["malformed", "too_large", "unsupported_media_type", "invalid"] as const;
/** What any route may answer; written once, as the default response. */
const alwaysPossible: readonly ProblemKind[] = ["too_many", "internal", "unavailable"];

/** Describes a route for the OpenAPI document: its success once, its errors by kind. The validators describe what it takes. */
export function describe(options: RouteOptions): MiddlewareHandler {
  const { summary, description, operationId, tags, success, errors = [], takes = [], open = false } = options;
  const kinds = open ? errors : [...errors, "unauthenticated" as const];
  const problems = kinds.filter((kind) => !alwaysPossible.includes(kind));
  const route: RouteDescription = {
    summary,
    ...(description !== undefined && { description }),
    ...(operationId !== undefined && { operationId }),
    ...(tags && { tags: [...tags] }),
    ...(open && { security: [] }),
    ...(takes.length > 0 && { parameters: takes.map((name) => ({ $ref: `#/components/parameters/${name}` })) }),
    responses: {
      [String(success.status ?? 200)]: successResponse(success),
      ...(takes.includes("If-None-Match") && { "304": { $ref: "#/components/responses/not_modified" } }),
      ...Object.fromEntries(problems.map((kind) => [statusOf(kind), { $ref: `#/components/responses/${kind}` }])),
      default: { $ref: "#/components/responses/problem" },
    },
  };
  return describeRoute(route);
}

function statusOf(kind: ProblemKind): string {
  return String(problemKinds[kind].status);
}

function successResponse({ description, schema, name, list = false, headers = [] }: Success) {
  const shared = {
    description,
    ...(headers.length > 0 && {
      headers: Object.fromEntries(headers.map((header) => [header, { $ref: `#/components/headers/${header}` }])),
    }),
  };
  if (!schema) return shared;
  const body: SchemaReference = componentOf(schema, name, { list });
  return { ...shared, content: { "application/json": { schema: body } } };
}
