import type { Database } from "@rondo/db";
import { type AppEnv, type BaseAppOptions, baseApp, caller } from "@rondo/http";
import { createMetrics } from "@rondo/telemetry";
import { createTestDatabase, newId } from "@rondo/testing";
import type { Hono } from "hono";
import { apiMigrations } from "../migrations.ts";
import type { AttemptRules } from "./attempt_limits.ts";
import { createIdentity, type IdentityDeps } from "./index.ts";

export const httpOrigin = "http://localhost:3000";
export const password = "correct horse battery staple";

/** As many tries as a test likes. */
const generous = { limit: 100_000, windowMs: 60_000 };
const noLimits: AttemptRules = {
  account_and_network: generous,
  account_and_network_slow: generous,
  network: generous,
  account: generous,
  sign_up: generous,
};

/** The identity of an api, mounted as the api does it, on a database of its own. */
export async function createIdentityFixture(changes: Partial<IdentityDeps> = {}) {
  const database = await createTestDatabase({ schemas: [apiMigrations] });
  const start = (more: Partial<IdentityDeps> = {}, base: Partial<BaseAppOptions> = {}) => {
    const origin = changes.origin ?? httpOrigin;
    const identity = createIdentity({
      db: database.db,
      databaseUrl: database.url,
      origin,
      secret: "a secret of thirty-two characters",
      clock: () => new Date(),
      newId,
      attemptRules: noLimits,
      signUp: "open",
      ...changes,
      ...more,
    });
    const app = baseApp({ service: "api", metrics: createMetrics(), trustedOrigin: origin, ...base });
    app.route("/", identity.routes({ identify: caller(identity.authenticate) }));
    return { ...callsOf(app), app, identity };
  };
  const first = start();
  return {
    ...first,
    sql: database.sql,
    db: database.db,
    /** Another process of the same api on the same database: it shares no memory with the first. */
    replica(more: Partial<IdentityDeps> = {}, base: Partial<BaseAppOptions> = {}) {
      const other = start(more, base);
      return { ...other, close: () => other.identity.close() };
    },
    async close() {
      await first.identity.close();
      await database.close();
    },
  };
}

export type IdentityFixture = Awaited<ReturnType<typeof createIdentityFixture>>;

export interface Member {
  readonly email: string;
  /** The `Cookie` header of the person's browser. */
  readonly cookie: string;
  readonly id: string;
  readonly workspace_id: string;
}

function callsOf(app: Hono<AppEnv>) {
  const call = async (path: string, { body, ...init }: { body?: unknown } & Omit<RequestInit, "body"> = {}) => {
    const headers = new Headers(init.headers);
    if (body !== undefined) headers.set("content-type", "application/json");
    return app.request(path, { ...init, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  };
  const get = (path: string, headers: Record<string, string> = {}) => call(path, { headers });
  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    call(path, { method: "POST", body, headers });

  const signUp = (changes: object = {}) =>
    post("/api/auth/sign-up/email", { name: "Ada", email: newEmail(), password, ...changes });
  const signIn = (email: string, changes: object = {}, headers: Record<string, string> = {}) =>
    post("/api/auth/sign-in/email", { email, password, ...changes }, headers);

  /** A person who has just signed up. */
  const member = async (): Promise<Member> => {
    const email = newEmail();
    const cookie = cookieOf(await signUp({ email }));
    const me = (await (await get("/api/v1/me", { cookie })).json()) as { id: string; workspace_id: string };
    return { email, cookie, id: me.id, workspace_id: me.workspace_id };
  };

  const makeToken = async (cookie: string, changes: object = {}) => {
    const answer = await post("/api/v1/tokens", { name: "a program", scopes: ["tasks:read"], ...changes }, { cookie });
    return (await answer.json()) as { id: string; token: string };
  };
  return { call, get, post, signUp, signIn, member, makeToken };
}

/** The database, with a count of the statements that pass through it. */
export function counting(db: Database) {
  const count = { queries: 0 };
  const sql = new Proxy(db.sql, {
    apply(target, self, args) {
      count.queries += 1;
      return Reflect.apply(target, self, args);
    },
  });
  return { db: { ...db, sql }, count };
}

let people = 0;

export function newEmail(): string {
  people += 1;
  return `ada${people}@example.org`;
}

/** What a browser would send back of the answer's cookies. */
export function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0] ?? "")
    .join("; ");
}

export interface ProblemBody {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
}

export async function problemOf(answer: Response): Promise<ProblemBody> {
  return (await answer.json()) as ProblemBody;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
