import type { ProblemKind } from "@rondo/problem";
import { idSchema } from "@rondo/task";
import type { type } from "arktype";
import type { Answer, Named } from "../answer.ts";
import { hasId, problemsOf, type Route } from "../route.ts";
import { statusOf } from "./components.ts";
import type { JsonSchema, OperationObject, Parameter, Reference, ResponseObject } from "./model.ts";
import { jsonSchemaOf } from "./schema.ts";

/** What any route may answer; written once, as the default response. */
const alwaysPossible: ReadonlySet<ProblemKind> = new Set(["too_many", "internal", "unavailable"]);

/** One route as an operation of the document. The schemas that it names are kept under `components.schemas`. */
export function operationOf(route: Route): OperationObject {
  const { operationId, summary, description, tag, access, body } = route;
  const parameters = parametersOf(route);
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    ...(access === "open" && { security: [] as const }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true as const, content: { "application/json": { schema: referenceTo(body) } } },
    }),
    responses: responsesOf(route),
  };
}

/** The schemas that a route names. */
export function schemasOf({ body, answer }: Route): Readonly<Record<string, JsonSchema>> {
  const schemas = [answer.content, body].filter((each) => each !== undefined);
  return Object.fromEntries(schemas.map(({ name, schema }) => [name, jsonSchemaOf(schema)]));
}

function parametersOf({ takes = [], path, query }: Route): readonly (Parameter | Reference)[] {
  return [
    ...takes.map((header) => ({ $ref: `#/components/parameters/${header}` })),
    ...(hasId(path) ? [parameterOf("path", "id", jsonSchemaOf(idSchema), true)] : []),
    ...(query ? queryParameters(query) : []),
  ];
}

function queryParameters(query: type.Any): Parameter[] {
  const { properties = {}, required = [] } = jsonSchemaOf(query);
  return Object.entries(properties).map(([name, schema]) =>
    parameterOf("query", name, schema, required.includes(name)),
  );
}

function parameterOf(place: "path" | "query", name: string, json: JsonSchema, required: boolean): Parameter {
  const { description, ...schema } = json;
  return {
    in: place,
    name,
    schema,
    ...(required && { required: true }),
    ...(description !== undefined && { description }),
  };
}

function responsesOf(route: Route): OperationObject["responses"] {
  const { answer, takes = [] } = route;
  const problems = [...problemsOf(route)].filter((kind) => !alwaysPossible.has(kind));
  return {
    [String(answer.status)]: success(answer),
    ...(takes.includes("If-None-Match") && { "304": { $ref: "#/components/responses/not_modified" } }),
    ...Object.fromEntries(problems.map((kind) => [statusOf(kind), { $ref: `#/components/responses/${kind}` }])),
    default: { $ref: "#/components/responses/problem" },
  };
}

function success({ description, content, list, headers }: Answer): ResponseObject {
  const named = headers.map((header) => [header, { $ref: `#/components/headers/${header}` }] as const);
  const schema = content && (list ? pageOf(referenceTo(content)) : referenceTo(content));
  return {
    description,
    ...(named.length > 0 && { headers: Object.fromEntries(named) }),
    ...(schema && { content: { "application/json": { schema } } }),
  };
}

function referenceTo({ name }: Named): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

function pageOf(items: JsonSchema): JsonSchema {
  return {
    type: "object",
    required: ["items", "next_cursor"],
    properties: { items: { type: "array", items }, next_cursor: { type: ["string", "null"] } },
  };
}
