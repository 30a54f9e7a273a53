import type { Principal } from "@rondo/identity";
import { notFound, Problem } from "@rondo/problem";
import type { Identity } from "./authenticator.ts";
import type { IdentityContext } from "./context.ts";
import { deleteSession, deleteSessions, listSessions, type SessionRow } from "./session_queries.ts";

/** A person in a browser: neither an API token nor a JWT may look at sessions or end them. */
export interface BrowserSession {
  readonly principal: Principal;
  readonly session_id: string;
}

/** @throws Problem `forbidden` */
export function requireSession({ principal, credential_id, presented }: Identity): BrowserSession {
  if (presented === "session") return { principal, session_id: credential_id };
  throw new Problem("forbidden", "Sessions are managed by the person who signed in, from the browser.");
}

/** Where the person is signed in, newest first. `current` marks the session that asks. */
export async function listOwnSessions(
  { db }: IdentityContext,
  { principal, session_id }: BrowserSession,
): Promise<(SessionRow & { readonly current: boolean })[]> {
  const sessions = await listSessions(db.sql, principal.user_id);
  return sessions.map((session) => ({ ...session, current: session.id === session_id }));
}

/** Ends one of the person's own sessions, at once in this process. @throws Problem `not_found` */
export async function revokeSession(
  { db, evict }: IdentityContext,
  { principal }: BrowserSession,
  id: string,
): Promise<void> {
  if (!(await deleteSession(db.sql, principal.user_id, id))) throw notFound();
  evict((identity) => identity.credential_id === id);
}

/** Ends all sessions of the person but the one that asks; with `own`, that one too. API tokens stay. */
export async function revokeSessions(
  context: IdentityContext,
  { principal, session_id }: BrowserSession,
  { own }: { readonly own: boolean },
): Promise<void> {
  const except = own ? null : session_id;
  await deleteSessions(context.db.sql, principal.user_id, except);
  forgetSessions(context, principal.user_id, except);
}

/** Of sessions that have ended, nothing is remembered in this process. */
export function forgetSessions({ evict }: Pick<IdentityContext, "evict">, userId: string, except: string | null): void {
  evict(
    ({ kind, credential_id, principal }) =>
      kind === "session" && credential_id !== except && principal.user_id === userId,
  );
}
