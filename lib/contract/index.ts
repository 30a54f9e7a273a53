export * from "./account.ts";
export type { Answer, AnswerHeader, Changed, Named } from "./answer.ts";
export * as answers from "./answer.ts";
export * from "./audit.ts";
export { bodyCheck, type Check, formCheck, queryCheck } from "./check.ts";
export { escapePointer } from "./field_errors.ts";
export * from "./me.ts";
export { openApiDocument } from "./openapi/document.ts";
export type {
  JsonSchema,
  OpenApiDocument,
  OperationObject,
  Parameter,
  Reference,
  ResponseObject,
} from "./openapi/model.ts";
export * from "./operation.ts";
export type { Page } from "./page.ts";
export * from "./project.ts";
export { allContracts, type CallTree, rondo, tags } from "./rondo.ts";
export {
  type BodyOf,
  type Contract,
  contract,
  hasId,
  type IdOf,
  type QueryOf,
  type ResultOf,
  type Route,
  type Service,
  type TakenHeader,
} from "./route.ts";
export * from "./session.ts";
export * from "./task.ts";
export * from "./token.ts";
