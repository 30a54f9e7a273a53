import { meContract, tokenContract } from "@rondo/contract";
import { type AppEnv, type Guards, mount } from "@rondo/http";
import { Hono } from "hono";
import { createApiToken, listApiTokens, revokeApiToken } from "./api_token.ts";
import type { IdentityContext } from "./context.ts";
import { getMe, getWorkspaces } from "./me.ts";

/** `/api/v1/me`, `/workspaces` and `/tokens`. */
export function v1Routes(context: IdentityContext, guards: Guards): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const me = mount(meContract, guards, {
    me: ({ principal }) => getMe(context, principal),
    workspaces: async ({ principal }) => ({ items: await getWorkspaces(context, principal), next_cursor: null }),
  });
  const tokens = mount(tokenContract, guards, {
    list: async ({ principal }) => ({ items: await listApiTokens(context, principal), next_cursor: null }),
    async create({ body, c }) {
      c.header("cache-control", "no-store");
      return createApiToken(context, await context.identify(c.req.raw), body);
    },
    revoke: ({ principal, id }) => revokeApiToken(context, principal, id),
  });
  return routes.route("/", me).route("/", tokens);
}
