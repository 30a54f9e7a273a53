import { type AppEnv, authenticate, body, params } from "@rondo/http";
import { idSchema } from "@rondo/task";
import { type } from "arktype";
import { Hono } from "hono";
import { describeRoute, resolver } from "hono-openapi";
import { apiTokenInput, apiTokenSchema, createApiToken, listApiTokens, revokeApiToken } from "./api_token.ts";
import type { IdentityContext } from "./context.ts";
import { getMe, getWorkspaces, meSchema, workspaceSchema } from "./me.ts";

const idParam = type({ id: idSchema });
const listOf = (item: type.Any) => type({ items: item.array(), next_cursor: "null" });

/** `/api/v1/me`, `/workspaces` and `/tokens`. */
export function v1Routes(context: IdentityContext): Hono<AppEnv> {
  const signedIn = authenticate(async (request) => (await context.identify(request)).principal);
  const routes = new Hono<AppEnv>();

  routes.get("/me", answers("Who you are, where, and what you may do", 200, meSchema), signedIn, async (c) =>
    c.json(await getMe(context, c.get("principal"))),
  );

  routes.get(
    "/workspaces",
    answers("The workspaces that you belong to", 200, listOf(workspaceSchema)),
    signedIn,
    async (c) => c.json({ items: await getWorkspaces(context, c.get("principal")), next_cursor: null }),
  );

  routes.get("/tokens", answers("Your API tokens", 200, listOf(apiTokenSchema)), signedIn, async (c) =>
    c.json({ items: await listApiTokens(context, c.get("principal")), next_cursor: null }),
  );

  routes.post(
    "/tokens",
    answers("Make an API token; its secret is shown this once", 201, apiTokenSchema.and({ token: "string" })),
    signedIn,
    body(apiTokenInput),
    async (c) => {
      c.header("cache-control", "no-store");
      return c.json(await createApiToken(context, c.get("principal"), c.req.valid("json")), 201);
    },
  );

  routes.delete("/tokens/:id", answers("Revoke an API token", 204), signedIn, params(idParam), async (c) => {
    await revokeApiToken(context, c.get("principal"), c.req.valid("param").id);
    return c.body(null, 204);
  });
  return routes;
}

function answers(summary: string, status: number, schema?: type.Any) {
  const content = schema && { content: { "application/json": { schema: resolver(schema) } } };
  return describeRoute({ summary, tags: ["identity"], responses: { [status]: { description: summary, ...content } } });
}
