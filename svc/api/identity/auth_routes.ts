import { type AppEnv, body, clientAddress, isInternalCall } from "@rondo/http";
import { credentialOf } from "@rondo/identity";
import { notFound } from "@rondo/problem";
import { type Context, Hono } from "hono";
import { readKeySet } from "./access_token.ts";
import { endSession, signIn, signInInput, signUp, signUpInput } from "./account.ts";
import { docs } from "./auth_docs.ts";
import type { IdentityContext, Origin } from "./context.ts";
import { listOwnSessions, requireSession, revokeSession, revokeSessionInput, revokeSessions } from "./sessions.ts";

/** Longer ones are junk; this much tells which browser it is. */
const longestUserAgent = 300;

/** `/api/auth/*`: the endpoints that we need, under better-auth's names; every other path is 404. */
export function authRoutes(context: IdentityContext): Hono<AppEnv> {
  const { cookie, identify } = context;
  const browser = async (c: Context<AppEnv>) => requireSession(await identify(c.req.raw));
  const routes = new Hono<AppEnv>();
  routes.use(async (c, next) => {
    await next();
    // Nothing here may be kept by anybody, except the public keys, which say so themselves.
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
  });

  routes.post("/sign-up/email", docs.signUp, body(signUpInput, "SignUp"), async (c) => {
    const { name, email, password } = c.req.valid("json");
    const { token } = await signUp(context, { name, email, password }, originOf(c));
    c.header("set-cookie", cookie.write(token));
    return c.json({ user: { name, email } });
  });

  routes.post("/sign-in/email", docs.signIn, body(signInInput, "SignIn"), async (c) => {
    const { person, token } = await signIn(context, c.req.valid("json"), originOf(c), presentedToken(c, cookie));
    c.header("set-cookie", cookie.write(token));
    return c.json({ user: person });
  });

  routes.post("/sign-out", docs.signOut, async (c) => {
    const token = presentedToken(c, cookie);
    if (token !== undefined) await endSession(context, token);
    c.header("set-cookie", cookie.clear());
    return c.body(null, 204);
  });

  routes.get("/list-sessions", docs.sessions, async (c) =>
    c.json({ items: await listOwnSessions(context, await browser(c)), next_cursor: null }),
  );

  routes.post("/revoke-session", docs.revoke, body(revokeSessionInput, "RevokeSession"), async (c) => {
    await revokeSession(context, await browser(c), c.req.valid("json").id);
    return c.body(null, 204);
  });

  routes.post("/revoke-other-sessions", docs.revokeOthers, async (c) => {
    await revokeSessions(context, await browser(c), { own: false });
    return c.body(null, 204);
  });

  routes.post("/revoke-sessions", docs.revokeAll, async (c) => {
    await revokeSessions(context, await browser(c), { own: true });
    c.header("set-cookie", cookie.clear());
    return c.body(null, 204);
  });

  // For our own services: who acts, as the database has it now. It is in no document, for nobody else finds it.
  routes.get("/token", async (c) => {
    if (!isInternalCall(c)) throw notFound();
    return c.json(await context.issueAccessToken(await context.recheck(c.req.raw)));
  });

  routes.get("/jwks", docs.keys, async (c) => {
    c.header("cache-control", "public, max-age=60");
    return c.json(await readKeySet(context));
  });

  routes.all("*", () => {
    throw notFound();
  });
  return routes;
}

function originOf(c: Context<AppEnv>): Origin {
  return { address: clientAddress(c), user_agent: (c.req.header("user-agent") ?? "").slice(0, longestUserAgent) };
}

/** The token of the session cookie that came along, if we signed it; an `Authorization` header hides it. */
function presentedToken(c: Context<AppEnv>, cookie: IdentityContext["cookie"]): string | undefined {
  const credential = credentialOf(c.req.raw, cookie.name);
  return credential?.kind === "session" ? cookie.read(credential.value) : undefined;
}
