import type { type } from "arktype";
import { resolver } from "hono-openapi";

/** What hono-openapi takes for a schema in a description. */
export type SchemaReference = ReturnType<typeof resolver>;
type OpenApiSchema = Awaited<ReturnType<SchemaReference["toOpenAPISchema"]>>;

export interface ComponentOptions {
  /** One page of it: `{items, next_cursor}`. */
  readonly list?: boolean;
}

/** The JSON Schema (2020-12, as OpenAPI 3.1 has it) of what the schema takes; rules that JSON Schema cannot say are left out. */
export function jsonSchemaOf(schema: type.Any): OpenApiSchema["schema"] {
  const { $schema, ...json }: { $schema?: unknown } = schema.in.toJsonSchema({ fallback: (context) => context.base });
  return json;
}

/**
 * The schema for the document: under its name in `components.schemas`, so that routes share it; in place without a name. It is made when
 * somebody asks for the document, which most processes are never asked for.
 */
export function componentOf(
  schema: type.Any,
  name: string | undefined,
  { list = false }: ComponentOptions = {},
): SchemaReference {
  const toOpenAPISchema = async (): Promise<OpenApiSchema> => {
    const json = jsonSchemaOf(schema);
    const item: OpenApiSchema["schema"] = name === undefined ? json : referenceTo(name);
    return {
      schema: list ? pageOf(item) : item,
      components: name === undefined ? undefined : { schemas: { [name]: json } },
    };
  };
  return { ...resolver(schema), toOpenAPISchema };
}

function referenceTo(name: string): OpenApiSchema["schema"] {
  const empty: OpenApiSchema["schema"] = {};
  return Object.assign(empty, { $ref: `#/components/schemas/${name}` });
}

function pageOf(items: OpenApiSchema["schema"]): OpenApiSchema["schema"] {
  return {
    type: "object",
    required: ["items", "next_cursor"],
    properties: { items: { type: "array", items }, next_cursor: { type: ["string", "null"] } },
  };
}
