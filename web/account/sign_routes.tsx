import type { BrowserContext, SignedIn } from "@rondo/client";
import { accountContract, formCheck } from "@rondo/contract";
import { type AppEnv, clientAddress } from "@rondo/http";
import { Problem, problemKinds } from "@rondo/problem";
import { type Context, Hono } from "hono";
import type { WebDeps } from "../deps.ts";
import { readForm } from "../form.ts";
import { readReader } from "../format/reader.ts";
import { safeNext } from "../next.ts";
import { SignPage } from "./sign_page.tsx";

const checkSignUp = formCheck(accountContract.signUp);
const checkSignIn = formCheck(accountContract.signIn);

/** Signing up, in and out: the cookie that the api sets goes to the browser unchanged. */
export function signRoutes(deps: WebDeps): Hono<AppEnv> {
  const { auth } = deps.client;
  return new Hono<AppEnv>()
    .get("/sign-in", (c) => show(c, deps, "in"))
    .get("/sign-up", (c) => show(c, deps, "up"))
    .post("/sign-in", async (c) => {
      const typed = await readTyped(c);
      const { email, password } = typed;
      return enter(c, deps, "in", typed, async () => {
        const signedIn = await auth.signIn(checkSignIn({ email, password }), contextOf(c));
        // The api has ended the session that the browser came with.
        deps.authenticator.forget(c.req.raw);
        return signedIn;
      });
    })
    .post("/sign-up", async (c) => {
      const typed = await readTyped(c);
      const { name, email, password } = typed;
      return enter(c, deps, "up", typed, () => auth.signUp(checkSignUp({ name, email, password }), contextOf(c)));
    })
    .post("/sign-out", async (c) => {
      const { setCookies } = await auth.signOut(contextOf(c));
      deps.authenticator.forget(c.req.raw);
      clearCache(c);
      return leave(c, setCookies, "/sign-in");
    });
}

type Typed = Readonly<Record<"name" | "email" | "password" | "next", string>>;

async function readTyped(c: Context<AppEnv>): Promise<Typed> {
  const { text } = await readForm(c);
  return { name: text("name"), email: text("email"), password: text("password"), next: safeNext(text("next")) };
}

function show(c: Context<AppEnv>, deps: WebDeps, kind: "in" | "up") {
  return c.html(<SignPage reader={readReader(c, deps.clock())} next={safeNext(c.req.query("next"))} kind={kind} />);
}

/** What is wrong with the form, or keeps its sender out, is said on the form; everything else on a page of its own. */
function isShownOnForm(status: number): status is 401 | 403 | 409 | 422 | 429 {
  return [401, 403, 409, 422, 429].includes(status);
}

async function enter(
  c: Context<AppEnv>,
  deps: WebDeps,
  kind: "in" | "up",
  typed: Typed,
  sign: () => Promise<SignedIn>,
): Promise<Response> {
  try {
    const { setCookies } = await sign();
    return leave(c, setCookies, typed.next);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { status } = problemKinds[error.kind];
    if (!isShownOnForm(status)) throw error;
    const props = { kind, typed, errors: errorsOf(error), next: typed.next };
    return c.html(<SignPage reader={readReader(c, deps.clock())} {...props} />, status);
  }
}

function leave(c: Context<AppEnv>, setCookies: readonly string[], path: string): Response {
  for (const cookie of setCookies) c.header("Set-Cookie", cookie, { append: true });
  return c.redirect(path, 303);
}

/** Field errors go to their fields; a problem that names none goes to the top of the form. */
function errorsOf(problem: Problem): Record<string, string> {
  const named = problem.errors.map(({ pointer, detail }): [string, string] => [pointer.replace(/^\//, ""), detail]);
  const known = named.filter(([name]) => name === "name" || name === "email" || name === "password");
  return known.length > 0 ? Object.fromEntries(known) : { form: problem.detail };
}

function contextOf(c: Context<AppEnv>): BrowserContext {
  const user_agent = c.req.header("user-agent");
  return { cookie: c.req.header("cookie"), client_address: clientAddress(c), user_agent, signal: c.get("deadline") };
}

/**
 * Back shows nothing of who was here (W3C Clear Site Data). Only the cache: `storage` would take drafts that were not sent
 * along, and what the browser registered for messages.
 */
export function clearCache(c: Context): void {
  c.header("Clear-Site-Data", '"cache"');
}
