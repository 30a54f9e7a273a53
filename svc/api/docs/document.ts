import { type ProblemKind, problemKinds } from "@rondo/problem";

/** What the page needs of an OpenAPI 3.1 document. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, ResponseObject>>;
  };
}

export interface OperationObject {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>;
}

interface Reference {
  readonly $ref: string;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Content;
}

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationObject;
  /** Its anchor on the page. */
  readonly anchor: string;
}

export interface Section {
  readonly name: string;
  readonly description: string;
  readonly endpoints: readonly Endpoint[];
}

const others = "others";
const problemNames = Object.keys(problemKinds) as readonly ProblemKind[];

/** The operations by their tag, in the order of the document's tags; what has none comes last. */
export function sectionsOf({ paths, tags = [] }: ApiDocument): readonly Section[] {
  const endpoints = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const anchor = operation.operationId ?? `${method}${path.replaceAll(/[^a-z]+/gi, "-")}`;
      return { method: method.toUpperCase(), path, operation, anchor };
    }),
  );
  const byTag = Map.groupBy(endpoints, ({ operation }) => operation.tags?.[0] ?? others);
  const named = [...tags, { name: others, description: "" }];
  return named.flatMap(({ name, description = "" }) => {
    const those = byTag.get(name);
    return those ? [{ name, description, endpoints: those }] : [];
  });
}

/** A reference to a shared component, or the thing itself. */
export function resolve<T extends object>(shared: Readonly<Record<string, T>>, thing: T | Reference): T | undefined {
  return "$ref" in thing && typeof thing.$ref === "string" ? shared[nameOf(thing.$ref)] : (thing as T);
}

/** The kind of problem that an answer is, when it is one of ours: `/problems/<kind>` says what it means. */
export function kindOf(answer: ResponseObject | Reference): ProblemKind | undefined {
  if (!("$ref" in answer)) return undefined;
  const name = nameOf(answer.$ref);
  return problemNames.find((kind) => kind === name);
}

/** `#/components/schemas/Task` → `Task`. */
export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}
