import { type ProblemKind, problemKinds } from "@rondo/problem";
import { type } from "arktype";
import type { AnswerHeader } from "../answer.ts";
import type { TakenHeader } from "../route.ts";
import type { Components, HeaderObject, JsonSchema, Parameter, ResponseObject } from "./model.ts";
import { jsonSchemaOf } from "./schema.ts";

const text: JsonSchema = { type: "string" };
const uuid: JsonSchema = { type: "string", format: "uuid" };

const headers: Readonly<Record<AnswerHeader, HeaderObject>> = {
  ETag: { description: 'The version in quotes, for `If-Match` and `If-None-Match`: `"3"`.', schema: text },
  Location: { description: "Where the new thing is.", schema: text },
  "Rondo-Operation": { description: "The operation, for undo.", schema: uuid },
};

const parameters: Readonly<Record<TakenHeader, Parameter>> = {
  "If-Match": taken("If-Match", "The ETag that the change builds on; 412 when it is stale.", text),
  "If-None-Match": taken("If-None-Match", "An ETag that the caller has: 304 while it is the current one.", text),
  "Idempotency-Key": taken(
    "Idempotency-Key",
    "The same key with the same body gets the first answer again, for 24 hours.",
    { type: "string", minLength: 1, maxLength: 255 },
  ),
  "Rondo-Workspace": taken(
    "Rondo-Workspace",
    "Another of the person's workspaces to act in; an API token acts in its own only.",
    uuid,
  ),
};

function taken(name: TakenHeader, description: string, schema: JsonSchema): Parameter {
  return { name, in: "header", required: false, description, schema };
}

/** The JSON Schema of `ProblemDocument` (@rondo/problem): RFC 9457 with our members. Made when it is asked for. */
function problemSchema(): JsonSchema {
  const error = type({
    pointer: type("string").describe("a JSON pointer into the body, or query:<name>, or header:<name>"),
    detail: type("string").describe("what to change"),
  });
  const problem = type({
    type: "string",
    title: "string",
    status: "number.integer",
    detail: "string",
    errors: error.array(),
    request_id: "string",
    "current?": type("unknown").describe("with 412: the current state"),
  });
  return jsonSchemaOf(problem);
}

/** What all operations share: errors, headers, parameters, credentials. */
export function sharedComponents(schemas: Readonly<Record<string, JsonSchema>>): Components {
  const problems = Object.entries(problemKinds).map(([kind, { title }]) => [kind, problemResponse(title)] as const);
  return {
    schemas: { Problem: problemSchema(), ...schemas },
    responses: {
      problem: problemResponse("Any other error."),
      not_modified: {
        description: "It still has the version that `If-None-Match` names. There is no body.",
        headers: { ETag: { $ref: "#/components/headers/ETag" } },
      },
      ...Object.fromEntries(problems),
    },
    headers,
    parameters,
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

function problemResponse(description: string): ResponseObject {
  const schema = { $ref: "#/components/schemas/Problem" };
  return { description, content: { "application/problem+json": { schema } } };
}

export function statusOf(kind: ProblemKind): string {
  return String(problemKinds[kind].status);
}
