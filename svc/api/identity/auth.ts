import { sessionCookieName, tokenAudience } from "@rondo/identity";
import { hashPassword, verifyPassword } from "@rondo/identity/password";
import type { Log } from "@rondo/telemetry";
import { betterAuth } from "better-auth";
import { jwt, organization } from "better-auth/plugins";
import { CamelCasePlugin, Kysely } from "kysely";
import { PostgresJSDialect } from "kysely-postgres-js";
import type { Sql } from "postgres";
import { workspaceAccess, workspaceRoles } from "./roles.ts";
import { addressHeader, keyGraceSeconds, keyLifetimeSeconds, sessionLifetimeSeconds } from "./session_rules.ts";
import { createKeyStore } from "./signing_keys.ts";

export interface AuthOptions {
  /** A pool of its own: better-auth hashes a password inside its transaction, and wants dates as `Date`. */
  readonly sql: Sql;
  readonly origin: string;
  readonly secret: string;
  readonly log: Log;
}

/**
 * better-auth in the schema `api`, under our names. Only its functions are called (`auth.api`), never its router, so nothing
 * of it is reachable that has no route of ours. Loading it takes memory and a part of every start, so it is imported when somebody
 * first signs in (`index.ts`); what is read at each request (sessions, tokens, public keys) does not need it.
 */
export function createAuth({ sql, origin, secret, log }: AuthOptions) {
  const secure = origin.startsWith("https:");
  return betterAuth({
    baseURL: origin,
    basePath: "/api/auth",
    secret,
    trustedOrigins: [origin],
    telemetry: { enabled: false },
    logger: { level: "error", log: (_, message, ...rest) => log.error(message, { causes: causesOf(rest) }) },
    rateLimit: { enabled: false },
    database: {
      db: new Kysely<never>({ dialect: new PostgresJSDialect({ postgres: sql }), plugins: [new CamelCasePlugin()] }),
      type: "postgres",
      schemaName: "api",
      transaction: true,
    },
    emailAndPassword: {
      enabled: true,
      // Without it a sign-up would tell that the account exists: see ADR 0002.
      autoSignIn: false,
      minPasswordLength: 1,
      maxPasswordLength: 1_024,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    session: { expiresIn: sessionLifetimeSeconds, disableSessionRefresh: true },
    advanced: {
      database: { generateId: () => Bun.randomUUIDv7(), validateSchema: false },
      useSecureCookies: false,
      cookies: { session_token: { name: sessionCookieName(origin), attributes: { secure } } },
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/", secure },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    plugins: [
      organization({
        ac: workspaceAccess,
        roles: workspaceRoles,
        creatorRole: "owner",
        schema: {
          organization: {
            modelName: "workspace",
            additionalFields: { personal: { type: "boolean", required: true, defaultValue: false, input: false } },
          },
          member: { fields: { organizationId: "workspaceId" } },
          invitation: { fields: { organizationId: "workspaceId" } },
          session: { fields: { activeOrganizationId: "activeWorkspaceId" } },
        },
      }),
      jwt({
        jwks: { rotationInterval: keyLifetimeSeconds, gracePeriod: keyGraceSeconds },
        jwt: { issuer: origin, audience: tokenAudience, expirationTime: "5m" },
        schema: { jwks: { modelName: "signingKey" } },
        adapter: createKeyStore(secret),
        disableSettingJwtHeader: true,
      }),
    ],
  });
}

/** What went wrong, without the values: an error of PostgreSQL quotes them in its `detail`. */
function causesOf(values: readonly unknown[]): string[] {
  return values.filter((value) => value instanceof Error).map(({ name, message }) => `${name}: ${message}`);
}

export type Auth = ReturnType<typeof createAuth>;
