import type { Api } from "@rondo/client";
import { formCheck, tokenContract } from "@rondo/contract";
import { Problem } from "@rondo/problem";
import { type Context, Hono } from "hono";
import { setCookie } from "hono/cookie";
import type { WebEnv } from "../asked.ts";
import type { WebDeps } from "../deps.ts";
import { isSecure, setFlash, takeFlash } from "../flash.ts";
import { type Form, readForm } from "../form.ts";
import { keysCookie } from "../format/reader.ts";
import { sayErrors } from "../task/refused.tsx";
import { loadFrame } from "../view/load.ts";
import { AccountPage, type AccountPageProps } from "./account_page.tsx";
import { clearCache } from "./sign_routes.tsx";

/** Who one is, where one is signed in, the tokens, the keys. */
export function accountRoutes(deps: WebDeps): Hono<WebEnv> {
  const sessions = (c: Context<WebEnv>) =>
    deps.client.as({ cookie: c.req.header("cookie") ?? "" }, { signal: c.get("deadline") }).sessions;
  const show = (c: Context<WebEnv>, more?: Shown) => showAccount(c, sessions(c), more);
  return new Hono<WebEnv>()
    .get("/account", (c) => show(c))
    .get("/account/*", (c) => c.redirect("/account"))
    .post("/account/tokens", async (c) => {
      const form = await readForm(c);
      const name = form.text("name");
      try {
        const wanted = { name, scopes: form.all("scopes"), expires_at: readExpiry(form, deps.clock()) };
        const created = await c.get("asked").api.tokens.create(checkToken(wanted));
        return await show(c, { created });
      } catch (error) {
        if (error instanceof Problem && error.kind === "invalid")
          return show(c, { refused: { name, error: sayErrors(error) } });
        throw error;
      }
    })
    .post("/account/tokens/:id/revocation", async (c) => {
      await c.get("asked").api.tokens.revoke(c.req.param("id"));
      setFlash(c, { text: "The token is revoked" });
      return c.redirect("/account", 303);
    })
    .post("/account/sessions/:id/revocation", async (c) => {
      await sessions(c).revoke({ id: c.req.param("id") });
      setFlash(c, { text: "Signed out there" });
      return c.redirect("/account", 303);
    })
    .post("/account/sessions", async (c) => {
      const all = (await readForm(c)).text("which") === "all";
      await (all ? sessions(c).revokeAll() : sessions(c).revokeOthers());
      if (all) {
        deps.authenticator.forget(c.req.raw);
        clearCache(c);
      } else setFlash(c, { text: "Signed out everywhere else" });
      return c.redirect(all ? "/sign-in" : "/account", 303);
    })
    .post("/account/keys", async (c) => {
      const keys = (await readForm(c)).text("keys") === "off" ? "off" : "on";
      setCookie(c, keysCookie, keys, { path: "/", sameSite: "Lax", maxAge: 31_536_000, secure: isSecure(c) });
      return c.redirect("/account", 303);
    });
}

type Shown = Pick<AccountPageProps, "created" | "refused">;

async function showAccount(c: Context<WebEnv>, sessions: Api["sessions"], more: Shown = {}): Promise<Response> {
  const { api, reader } = c.get("asked");
  const [me, frame, tokens, open] = await Promise.all([
    api.me(),
    loadFrame(api, reader),
    api.tokens.list(),
    sessions.list(),
  ]);
  const props = { me, frame, reader, tokens: tokens.items, sessions: open.items, said: takeFlash(c), ...more };
  // A page with a secret is not kept, not even for the Back button.
  if (more.created) c.header("Cache-Control", "no-store");
  return c.html(<AccountPage {...props} />, more.refused ? 422 : 200);
}

const checkToken = formCheck(tokenContract.create);

function readExpiry(form: Form, now: Date): string | null {
  const days = Number(form.text("days"));
  return days > 0 && days <= 3_650 ? new Date(now.getTime() + days * 86_400_000).toISOString() : null;
}
