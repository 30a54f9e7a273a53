import type { type } from "arktype";
import type { JsonSchema } from "./model.ts";

/** The JSON Schema (2020-12, as OpenAPI 3.1 has it) of what the schema takes; rules that JSON Schema cannot say are left out. */
export function jsonSchemaOf(schema: type.Any): JsonSchema {
  const { $schema, ...json } = schema.in.toJsonSchema({ fallback: (context) => context.base });
  return json as JsonSchema;
}
