import type { PasswordChange } from "@rondo/contract";
import { unauthenticated } from "@rondo/identity";
import { hashPassword, verifyPassword } from "@rondo/identity/password";
import { Problem } from "@rondo/problem";
import type { IdentityContext, Origin } from "./context.ts";
import { findPassword, replacePassword } from "./password_queries.ts";
import { deleteSessions } from "./session_queries.ts";
import { type BrowserSession, forgetSessions } from "./sessions.ts";

/**
 * Gives the person a new password and ends all their sessions but the one that asks. Tries count as guesses at sign-in, so a stolen
 * session is no way to guess.
 * @throws Problem `invalid` for a wrong password, `too_many`, `unauthenticated` when the session has just ended
 */
export async function changePassword(
  context: IdentityContext,
  session: BrowserSession,
  { current_password, new_password }: PasswordChange,
  { address }: Origin,
): Promise<void> {
  const { db, limits } = context;
  const { user_id } = session.principal;
  const account = await findPassword(db.sql, user_id);
  if (!account) throw unauthenticated();
  await limits.signIn(account.email, address);
  if (!(await verifyPassword({ hash: account.hash, password: current_password }))) {
    throw wrong("/current_password", "This is not your password.");
  }
  await limits.forgive(account.email, address);
  if (new_password.toLowerCase() === account.email) {
    throw wrong("/new_password", "Choose a password that is not your e-mail address.");
  }
  const hash = await hashPassword(new_password);
  const change = { user_id, session_id: session.session_id, from: account.hash, to: hash };
  await db.transaction(async (sql) => {
    if (!(await replacePassword(sql, change))) throw unauthenticated();
    // A statement of its own: it sees the sessions that the old password opened while the one before it waited.
    await deleteSessions(sql, user_id, session.session_id);
  });
  forgetSessions(context, user_id, session.session_id);
}

function wrong(pointer: string, detail: string): Problem {
  return new Problem("invalid", "Some fields are invalid.", { errors: [{ pointer, detail }] });
}
