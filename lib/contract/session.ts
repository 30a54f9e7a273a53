import { idSchema, instantSchema } from "@rondo/task";
import { type } from "arktype";
import { named, nothing, page } from "./answer.ts";
import { contract } from "./route.ts";

export const sessionSchema = type({
  id: idSchema,
  created_at: instantSchema,
  expires_at: instantSchema,
  ip_address: "string | null",
  user_agent: "string | null",
  current: "boolean",
});
export type Session = Readonly<typeof sessionSchema.infer>;

const tag = "auth";

/** The browser sessions of the person whose cookie is sent. Their secrets never leave the api. */
export const sessionContract = contract({
  list: {
    method: "GET",
    path: "/api/auth/list-sessions",
    operationId: "listSessions",
    tag,
    summary: "Where you are signed in",
    access: "signed_in",
    answer: page(named("Session", sessionSchema), "Newest first"),
    problems: ["forbidden"],
  },
  revoke: {
    method: "POST",
    path: "/api/auth/revoke-session",
    operationId: "revokeSession",
    tag,
    summary: "End one session",
    access: "signed_in",
    body: named("RevokeSession", type({ "+": "reject", id: idSchema })),
    answer: nothing("It no longer works"),
    problems: ["forbidden", "not_found"],
  },
  revokeOthers: {
    method: "POST",
    path: "/api/auth/revoke-other-sessions",
    operationId: "revokeOtherSessions",
    tag,
    summary: "End all sessions but this one",
    access: "signed_in",
    answer: nothing("Only this one is left"),
    problems: ["forbidden"],
  },
  revokeAll: {
    method: "POST",
    path: "/api/auth/revoke-sessions",
    operationId: "revokeSessions",
    tag,
    summary: "End all sessions",
    description: "API tokens stay; revoke them one by one.",
    access: "signed_in",
    answer: nothing("Signed out everywhere"),
    problems: ["forbidden"],
  },
});
