import { accountContract, keyContract, ownAccountContract, sessionContract } from "@rondo/contract";
import { type AppEnv, clientAddress, type Guards, isInternalCall, mount, nothingHere } from "@rondo/http";
import { credentialOf } from "@rondo/identity";
import { type Context, Hono } from "hono";
import { createKeySetCache, keySetSeconds, readKeySet } from "./access_token.ts";
import { endSession, signIn, signUp } from "./account.ts";
import { changePassword } from "./change_password.ts";
import type { IdentityContext, Origin } from "./context.ts";
import { listOwnSessions, requireSession, revokeSession, revokeSessions } from "./sessions.ts";

/** Longer ones are junk; this much tells which browser it is. */
const longestUserAgent = 300;

/** `/api/auth/*`: the endpoints that we need, under better-auth's names. */
export function authRoutes(context: IdentityContext, guards: Guards): Hono<AppEnv> {
  const { cookie, identify } = context;
  const browser = async (c: Context<AppEnv>) => requireSession(await identify(c.req.raw));
  const keySet = createKeySetCache(context);
  const routes = new Hono<AppEnv>();
  routes.use("/api/auth/*", async (c, next) => {
    await next();
    // Nothing here may be kept by anybody, except the public keys, which say so themselves.
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
  });

  const account = mount(accountContract, guards, {
    async signUp({ body, c }) {
      const { name, email, password } = body;
      const { token } = await signUp(context, { name, email, password }, originOf(c));
      c.header("set-cookie", cookie.write(token));
      return { user: { name, email } };
    },
    async signIn({ body, c }) {
      const { person, token } = await signIn(context, body, originOf(c), presentedToken(c, cookie));
      c.header("set-cookie", cookie.write(token));
      return { user: person };
    },
    async signOut({ c }) {
      const token = presentedToken(c, cookie);
      if (token !== undefined) await endSession(context, token);
      c.header("set-cookie", cookie.clear());
    },
  });

  const sessions = mount(sessionContract, guards, {
    list: async ({ c }) => ({ items: await listOwnSessions(context, await browser(c)), next_cursor: null }),
    revoke: async ({ c, body }) => revokeSession(context, await browser(c), body.id),
    revokeOthers: async ({ c }) => revokeSessions(context, await browser(c), { own: false }),
    async revokeAll({ c }) {
      await revokeSessions(context, await browser(c), { own: true });
      c.header("set-cookie", cookie.clear());
    },
  });

  const own = mount(ownAccountContract, guards, {
    changePassword: async ({ c, body }) => changePassword(context, await browser(c), body, originOf(c)),
  });

  const keys = mount(keyContract, guards, {
    keys({ c }) {
      c.header("cache-control", `public, max-age=${keySetSeconds}`);
      // Our own services ask when a token names a key that they do not know yet, and at most every few seconds.
      return isInternalCall(c) ? readKeySet(context) : keySet();
    },
  });

  // For our own services: who acts, as the database has it now. It is in no contract, for nobody else finds it.
  routes.get("/api/auth/token", async (c) => {
    if (!isInternalCall(c)) throw nothingHere();
    return c.json(await context.issueAccessToken(await context.recheck(c.req.raw)));
  });

  return routes.route("/", account).route("/", own).route("/", sessions).route("/", keys);
}

function originOf(c: Context<AppEnv>): Origin {
  return { address: clientAddress(c), user_agent: (c.req.header("user-agent") ?? "").slice(0, longestUserAgent) };
}

/** The token of the session cookie that came along, if we signed it; an `Authorization` header hides it. */
function presentedToken(c: Context<AppEnv>, cookie: IdentityContext["cookie"]): string | undefined {
  const credential = credentialOf(c.req.raw, cookie.name);
  return credential?.kind === "session" ? cookie.read(credential.value) : undefined;
}
