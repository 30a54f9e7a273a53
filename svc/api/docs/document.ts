import type { OpenApiDocument, OperationObject, Reference, ResponseObject } from "@rondo/contract";
import { type ProblemKind, problemKinds } from "@rondo/problem";

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

const problemNames = Object.keys(problemKinds) as readonly ProblemKind[];

/** The operations by their tag, in the order of the document's tags. */
export function sectionsOf({ paths, tags }: OpenApiDocument): readonly Section[] {
  const endpoints = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      return { method: method.toUpperCase(), path, operation, anchor: operation.operationId };
    }),
  );
  const byTag = Map.groupBy(endpoints, ({ operation }) => operation.tags[0]);
  return tags.map((tag) => ({ ...tag, endpoints: byTag.get(tag.name) ?? [] }));
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
