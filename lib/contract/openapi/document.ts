import type { Contract, Route } from "../route.ts";
import { sharedComponents } from "./components.ts";
import type { OpenApiDocument, OperationObject } from "./model.ts";
import { operationOf, schemasOf } from "./operation.ts";

/** The OpenAPI 3.1 document of these contracts, with the errors, headers and parameters that they share. */
export function openApiDocument(
  contracts: readonly Contract[],
  about: Pick<OpenApiDocument, "info" | "tags">,
): OpenApiDocument {
  const routes = contracts.flatMap((contract) => Object.values(contract));
  return {
    openapi: "3.1.0",
    ...about,
    security: [{ token: [] }, { session: [] }],
    components: sharedComponents(Object.assign({}, ...routes.map(schemasOf))),
    paths: pathsOf(routes),
  };
}

function pathsOf(routes: readonly Route[]): OpenApiDocument["paths"] {
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replace(":id", "{id}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return paths;
}
