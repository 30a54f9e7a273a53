import type { Database } from "@rondo/db";
import type { AppEnv, Guards } from "@rondo/http";
import { type Authenticator, createJwtVerifier, tokenAudience } from "@rondo/identity";
import { getLog } from "@rondo/telemetry";
import { Hono } from "hono";
import { createTokenIssuer, readKeySet } from "./access_token.ts";
import { type AttemptRules, createAttemptLimits } from "./attempt_limits.ts";
import type { Auth } from "./auth.ts";
import { createAuthPool } from "./auth_pool.ts";
import { authRoutes } from "./auth_routes.ts";
import { createAuthenticator } from "./authenticator.ts";
import { createSessionCookie } from "./session_cookie.ts";
import { createTouches } from "./touches.ts";
import { v1Routes } from "./v1_routes.ts";

export interface IdentityDeps {
  readonly db: Database;
  /** Where `db` leads: better-auth gets a small pool of its own. */
  readonly databaseUrl: string;
  /** The site's origin, `https://…` or `http://localhost:…`: issuer of JWTs; decides how cookies are protected. */
  readonly origin: string;
  /** At least 32 characters. Signs cookies and encrypts the keys of the JWTs: another one signs everybody out. */
  readonly secret: string;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly attemptRules?: AttemptRules;
  /** Who may make an account: everybody, or nobody once there is a first one. */
  readonly signUp: "open" | "closed";
}

export interface Identity {
  /** `/api/auth/*`, `/api/v1/me`, `/api/v1/workspaces`, `/api/v1/tokens`, behind these guards; to be mounted at `/` of a `baseApp`. */
  routes(guards: Guards): Hono<AppEnv>;
  readonly authenticate: Authenticator;
  /** Waits for what is under way, then ends the pool. */
  close(): Promise<void>;
}

/** Everything about who acts. Nothing is connected or read before the first request. */
export function createIdentity(deps: IdentityDeps): Identity {
  const { db, databaseUrl, origin, secret, clock, newId, attemptRules, signUp } = deps;
  const log = getLog("identity");
  const pool = createAuthPool(databaseUrl);
  let loading: Promise<Auth> | undefined;
  const auth = () => {
    loading ??= import("./auth.ts").then(({ createAuth }) => createAuth({ sql: pool, origin, secret, log }));
    return loading;
  };
  const cookie = createSessionCookie(origin, secret);
  const jwks = () => readKeySet({ db });
  const verifier = createJwtVerifier({ jwks, issuer: origin, audience: tokenAudience, clock });
  const touches = createTouches(db, log);
  const { identify, recheck, evict, authenticate } = createAuthenticator({
    db,
    clock,
    verifier,
    cookie,
    touchToken: touches.touch,
  });
  const limits = createAttemptLimits(db, attemptRules);
  const issueAccessToken = createTokenIssuer({ auth, clock });
  const context = { db, auth, cookie, limits, clock, newId, identify, recheck, issueAccessToken, evict, signUp };
  return {
    routes: (guards) =>
      new Hono<AppEnv>().route("/", authRoutes(context, guards)).route("/", v1Routes(context, guards)),
    authenticate,
    async close() {
      await touches.settled();
      await pool.end({ timeout: 5 });
    },
  };
}
