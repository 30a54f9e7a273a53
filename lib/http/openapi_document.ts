import { problemKinds } from "@rondo/problem";
import { type } from "arktype";
import type { Hono } from "hono";
import { type GenerateSpecOptions, generateSpecs } from "hono-openapi";
import type { AppEnv } from "./env.ts";
import { jsonSchemaOf } from "./openapi_schema.ts";

type Documentation = GenerateSpecOptions["documentation"];
export type OpenApiDocument = Awaited<ReturnType<typeof generateSpecs>>;

export interface DocumentOptions {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  readonly tags?: readonly { readonly name: string; readonly description: string }[];
}

/** The OpenAPI 3.1 document of all described routes, with the errors, headers and parameters that they share. */
export function openApiDocument(app: Hono<AppEnv>, options: DocumentOptions): Promise<OpenApiDocument> {
  const { title, version, description, tags } = options;
  return generateSpecs(app, {
    documentation: {
      info: { title, version, ...(description !== undefined && { description }) },
      ...(tags && { tags: tags.map((tag) => ({ ...tag })) }),
      security: [{ token: [] }, { session: [] }],
      components: sharedComponents(),
    },
    defaultValidationErrorResponse: false,
    excludeStaticFile: false,
  });
}

function sharedComponents(): NonNullable<Documentation["components"]> {
  const text = { type: "string" } as const;
  return {
    schemas: { Problem: jsonSchemaOf(problemSchema) },
    responses: {
      problem: problemResponse("Any other error."),
      not_modified: {
        description: "It still has the version that `If-None-Match` names. There is no body.",
        headers: { ETag: { $ref: "#/components/headers/ETag" } },
      },
      ...Object.fromEntries(Object.entries(problemKinds).map(([kind, { title }]) => [kind, problemResponse(title)])),
    },
    headers: {
      ETag: { description: 'The version in quotes, for `If-Match` and `If-None-Match`: `"3"`.', schema: text },
      Location: { description: "Where the new thing is.", schema: text },
      "Rondo-Operation": { description: "The operation, for undo.", schema: { type: "string", format: "uuid" } },
    },
    parameters: {
      "If-Match": headerParameter("If-Match", "The ETag that the change builds on; 412 when it is stale.", text),
      "If-None-Match": headerParameter(
        "If-None-Match",
        "An ETag that the caller has: 304 while it is the current one.",
        text,
      ),
      "Idempotency-Key": headerParameter(
        "Idempotency-Key",
        "The same key with the same body gets the first answer again, for 24 hours.",
        { type: "string", minLength: 1, maxLength: 255 },
      ),
      "Rondo-Workspace": headerParameter(
        "Rondo-Workspace",
        "Another of the person's workspaces to act in; an API token acts in its own only.",
        {
          type: "string",
          format: "uuid",
        },
      ),
    },
    securitySchemes: {
      token: { type: "http", scheme: "bearer", description: "An API token (`rondo_pat_…`)." },
      session: {
        type: "apiKey",
        in: "cookie",
        name: "rondo_session",
        description: "The session of a signed-in browser.",
      },
    },
  };
}

function headerParameter(name: string, description: string, schema: object) {
  return { name, in: "header", required: false, description, schema };
}

function problemResponse(description: string) {
  const schema = { $ref: "#/components/schemas/Problem" };
  return { description, content: { "application/problem+json": { schema } } };
}

/** `ProblemDocument` of @rondo/problem: RFC 9457 with our members. */
const problemSchema = type({
  type: "string",
  title: "string",
  status: "number.integer",
  detail: "string",
  errors: type({
    pointer: type("string").describe("a JSON pointer into the body, or query:<name>, or header:<name>"),
    detail: type("string").describe("what to change"),
  }).array(),
  request_id: "string",
  "current?": type("unknown").describe("with 412: the current state"),
});
