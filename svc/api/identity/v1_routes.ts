import { type AppEnv, authenticate, body, bodyErrors, describe, params } from "@rondo/http";
import { idSchema } from "@rondo/task";
import { type } from "arktype";
import { Hono } from "hono";
import { apiTokenInput, apiTokenSchema, createApiToken, listApiTokens, revokeApiToken } from "./api_token.ts";
import type { IdentityContext } from "./context.ts";
import { getMe, getWorkspaces, meSchema, workspaceSchema } from "./me.ts";

const idParam = type({ id: idSchema });
const newApiTokenSchema = apiTokenSchema.merge({ token: "string" });

/** `/api/v1/me`, `/workspaces` and `/tokens`. */
export function v1Routes(context: IdentityContext): Hono<AppEnv> {
  const signedIn = authenticate(async (request) => (await context.identify(request)).principal);
  const routes = new Hono<AppEnv>();

  routes.get("/me", docs.me, signedIn, async (c) => c.json(await getMe(context, c.get("principal"))));

  routes.get("/workspaces", docs.workspaces, signedIn, async (c) =>
    c.json({ items: await getWorkspaces(context, c.get("principal")), next_cursor: null }),
  );

  routes.get("/tokens", docs.list, signedIn, async (c) =>
    c.json({ items: await listApiTokens(context, c.get("principal")), next_cursor: null }),
  );

  routes.post("/tokens", docs.create, signedIn, body(apiTokenInput, "ApiTokenInput"), async (c) => {
    c.header("cache-control", "no-store");
    return c.json(await createApiToken(context, await context.identify(c.req.raw), c.req.valid("json")), 201);
  });

  routes.delete("/tokens/:id", docs.revoke, signedIn, params(idParam), async (c) => {
    await revokeApiToken(context, c.get("principal"), c.req.valid("param").id);
    return c.body(null, 204);
  });
  return routes;
}

const takes = ["Rondo-Workspace"] as const;

const docs = {
  me: describe({
    summary: "Who you are, where, and what you may do",
    operationId: "getMe",
    tags: ["identity"],
    success: { description: "You", schema: meSchema, name: "Me" },
    errors: ["not_found"],
    takes,
  }),
  workspaces: describe({
    summary: "The workspaces that you belong to",
    operationId: "listWorkspaces",
    tags: ["identity"],
    success: { description: "Your own first", schema: workspaceSchema, name: "Workspace", list: true },
  }),
  list: describe({
    summary: "Your API tokens",
    operationId: "listTokens",
    tags: ["identity"],
    success: {
      description: "Newest first, without their secrets",
      schema: apiTokenSchema,
      name: "ApiToken",
      list: true,
    },
    errors: ["forbidden"],
  }),
  create: describe({
    summary: "Make an API token",
    description:
      "It acts in the workspace of the call. Its secret is in this answer and nowhere else, so no idempotency key is kept.",
    operationId: "createToken",
    tags: ["identity"],
    success: { status: 201, description: "The token with its secret", schema: newApiTokenSchema, name: "NewApiToken" },
    errors: [...bodyErrors, "forbidden", "conflict", "not_found"],
    takes,
  }),
  revoke: describe({
    summary: "Revoke an API token",
    operationId: "revokeToken",
    tags: ["identity"],
    success: { status: 204, description: "It no longer works" },
    errors: ["forbidden", "not_found"],
  }),
};
