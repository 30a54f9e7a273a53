import { bodyErrors, describe } from "@rondo/http";
import { idSchema } from "@rondo/task";
import { type } from "arktype";
import { sessionSchema } from "./sessions.ts";

const tags = ["auth"] as const;
const cookieSet = "`Set-Cookie` carries the session; ";

/** What the OpenAPI document says about `/api/auth/*`. */
export const docs = {
  signUp: describe({
    summary: "Make an account and sign in",
    description: "Says the same when the address has an account already; then it signs in only if the password fits.",
    operationId: "signUp",
    tags,
    open: true,
    success: {
      description: `${cookieSet}the account as asked for`,
      schema: type({ user: type({ name: "string", email: "string" }) }),
      name: "SignedUp",
    },
    errors: [...bodyErrors, "forbidden"],
  }),
  signIn: describe({
    summary: "Sign in",
    operationId: "signIn",
    tags,
    open: true,
    success: {
      description: `${cookieSet}who signed in`,
      schema: type({ user: type({ id: idSchema, name: "string", email: "string" }) }),
      name: "SignedIn",
    },
    errors: [...bodyErrors, "unauthenticated", "forbidden"],
  }),
  signOut: describe({
    summary: "End the session of the cookie",
    operationId: "signOut",
    tags,
    open: true,
    success: { status: 204, description: "Signed out, or was not signed in" },
    errors: ["forbidden"],
  }),
  sessions: describe({
    summary: "Where you are signed in",
    operationId: "listSessions",
    tags,
    success: { description: "Newest first", schema: sessionSchema, name: "Session", list: true },
    errors: ["forbidden"],
  }),
  revoke: describe({
    summary: "End one session",
    operationId: "revokeSession",
    tags,
    success: { status: 204, description: "It no longer works" },
    errors: [...bodyErrors, "forbidden", "not_found"],
  }),
  revokeOthers: describe({
    summary: "End all sessions but this one",
    operationId: "revokeOtherSessions",
    tags,
    success: { status: 204, description: "Only this one is left" },
    errors: ["forbidden"],
  }),
  revokeAll: describe({
    summary: "End all sessions",
    description: "API tokens stay; revoke them one by one.",
    operationId: "revokeSessions",
    tags,
    success: { status: 204, description: "Signed out everywhere" },
    errors: ["forbidden"],
  }),
  keys: describe({
    summary: "The public keys of the JWTs",
    operationId: "getKeys",
    tags,
    open: true,
    success: { description: "RFC 7517", schema: type({ keys: "object[]" }), name: "KeySet" },
  }),
};
