import { scopes } from "@rondo/identity";
import { idSchema, instantSchema, nameSchema } from "@rondo/task";
import { type } from "arktype";
import { named, nothing, page, value } from "./answer.ts";
import { contract } from "./route.ts";

export const newApiTokenSchema = type({
  "+": "reject",
  name: nameSchema,
  scopes: type
    .enumerated(...scopes)
    .array()
    .atLeastLength(1)
    .atMostLength(scopes.length),
  "expires_at?": type("string <= 40").or("null"),
});
export type NewApiToken = Readonly<typeof newApiTokenSchema.infer>;

export const apiTokenSchema = type({
  id: idSchema,
  workspace_id: idSchema,
  name: "string",
  scopes: type.enumerated(...scopes).array(),
  expires_at: instantSchema.or("null"),
  last_used_at: instantSchema.or("null"),
  created_at: instantSchema,
});
export type ApiToken = Readonly<typeof apiTokenSchema.infer>;

const createdApiTokenSchema = apiTokenSchema.merge({ token: "string" });
/** The one time that the secret itself is shown. */
export type CreatedApiToken = Readonly<typeof createdApiTokenSchema.infer>;

const tag = "identity";

export const tokenContract = contract({
  list: {
    method: "GET",
    path: "/api/v1/tokens",
    operationId: "listTokens",
    tag,
    summary: "Your API tokens",
    access: "tokens.manage",
    answer: page(named("ApiToken", apiTokenSchema), "Newest first, without their secrets"),
  },
  create: {
    method: "POST",
    path: "/api/v1/tokens",
    operationId: "createToken",
    tag,
    summary: "Make an API token",
    description:
      "It acts in the workspace of the call. Its secret is in this answer and nowhere else, so no idempotency key is kept.",
    access: "tokens.manage",
    body: named("ApiTokenInput", newApiTokenSchema),
    answer: value(named("NewApiToken", createdApiTokenSchema), "The token with its secret", 201),
    takes: ["Rondo-Workspace"],
    problems: ["conflict"],
  },
  revoke: {
    method: "DELETE",
    path: "/api/v1/tokens/:id",
    operationId: "revokeToken",
    tag,
    summary: "Revoke an API token",
    access: "tokens.manage",
    answer: nothing("It no longer works"),
  },
});
