import { roles, scopes } from "@rondo/identity";
import { idSchema } from "@rondo/task";
import { type } from "arktype";
import { named, page, value } from "./answer.ts";
import { contract } from "./route.ts";

export const workspaceSchema = type({
  id: idSchema,
  name: "string",
  role: type.enumerated(...roles),
  personal: "boolean",
});
export type Workspace = Readonly<typeof workspaceSchema.infer>;

export const meSchema = type({
  id: idSchema,
  name: "string",
  email: "string",
  workspace_id: idSchema,
  role: type.enumerated(...roles),
  scopes: type.enumerated(...scopes).array(),
  workspaces: workspaceSchema.array(),
});
export type Me = Readonly<typeof meSchema.infer>;

const tag = "identity";

export const meContract = contract({
  me: {
    method: "GET",
    path: "/api/v1/me",
    operationId: "getMe",
    tag,
    summary: "Who you are, where, and what you may do",
    access: "signed_in",
    answer: value(named("Me", meSchema), "You"),
    takes: ["Rondo-Workspace"],
  },
  workspaces: {
    method: "GET",
    path: "/api/v1/workspaces",
    operationId: "listWorkspaces",
    tag,
    summary: "The workspaces that you belong to",
    access: "signed_in",
    answer: page(named("Workspace", workspaceSchema), "Your own first"),
  },
});
