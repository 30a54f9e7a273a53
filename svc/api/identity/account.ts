import { randomInt } from "node:crypto";
import type { SignIn, SignUp } from "@rondo/contract";
import { Problem } from "@rondo/problem";
import { authErrorCode, callAuth, wrongCredentials } from "./call_auth.ts";
import type { IdentityContext, Origin } from "./context.ts";
import { readPasswordHash } from "./password_queries.ts";
import {
  deleteExpiredSessions,
  deleteSessionByToken,
  hasAccount,
  isAnybodyHere,
  isDisabled,
  lockFirstAccount,
  type Person,
} from "./session_queries.ts";
import { addressHeader } from "./session_rules.ts";

export interface SignedIn {
  readonly person: Person;
  /** The new session's token, for the cookie. */
  readonly token: string;
}

/**
 * Signs in by e-mail and password: always a new session, whatever cookie the browser came with; the one it came with ends.
 * The answer and its time are the same for a wrong password and an unknown address.
 * @throws Problem `unauthenticated`, `too_many`
 */
export async function signIn(
  context: IdentityContext,
  input: SignIn,
  origin: Origin,
  presented?: string,
): Promise<SignedIn> {
  const { limits, db } = context;
  await limits.signIn(input.email, origin.address);
  const signedIn = await checkPassword(context, input, origin);
  await limits.forgive(input.email, origin.address);
  if (presented !== undefined) await endSession(context, presented);
  await deleteExpiredSessions(db.sql, signedIn.person.id);
  return signedIn;
}

/**
 * Makes an account, with its personal workspace and Inbox, and signs in. When the address has an account already, nothing is
 * made and the answer looks the same; it signs in only when the password fits. ADR 0002 says why, and what remains to be seen.
 */
export async function signUp(
  context: IdentityContext,
  input: SignUp,
  origin: Origin,
): Promise<{ readonly token: string }> {
  const { name, email, password } = input;
  if (password.toLowerCase() === email) {
    const errors = [{ pointer: "/password", detail: "Choose a password that is not your e-mail address." }];
    throw new Problem("invalid", "Some fields are invalid.", { errors });
  }
  await context.limits.signUp(origin.address);
  await context.limits.signIn(email, origin.address);
  await makeAllowedAccount(context, { name, email, password });
  try {
    const { token } = await checkPassword(context, { email, password }, origin);
    await context.limits.forgive(email, origin.address);
    return { token };
  } catch (error) {
    if (error instanceof Problem && error.kind === "unauthenticated") {
      // A cookie that looks like any other and opens nothing.
      return { token: tokenThatOpensNothing() };
    }
    throw error;
  }
}

/** Looks like those of better-auth: 32 letters and digits. */
function tokenThatOpensNothing(): string {
  const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: 32 }, () => characters[randomInt(characters.length)]).join("");
}

/** @throws Problem `forbidden` where sign-up is closed and somebody has an account */
async function makeAllowedAccount(context: IdentityContext, body: SignUp): Promise<void> {
  if (context.signUp === "open") return makeAccount(context, body);
  const { db } = context;
  if (await isAnybodyHere(db.sql)) throw closed();
  await db.transaction(async (sql) => {
    await lockFirstAccount(sql);
    if (await isAnybodyHere(sql)) throw closed();
    await makeAccount(context, body);
  });
}

function closed(): Problem {
  return new Problem("forbidden", "Nobody can sign up here. Ask whoever runs this Rondo for an account.");
}

/** Someone else may make the same account at the same moment; then theirs is the one that exists, as if it had been there. */
async function makeAccount({ auth, db }: IdentityContext, body: SignUp): Promise<void> {
  try {
    await callAuth(auth, ({ api }) => api.signUpEmail({ body }));
  } catch (error) {
    const lostRace = error instanceof Problem && authErrorCode(error.cause) === "FAILED_TO_CREATE_USER";
    if (!lostRace || !(await hasAccount(db.sql, body.email))) throw error;
  }
}

/** Ends the session of this token, if there is one. */
export async function endSession({ db, evict }: IdentityContext, token: string): Promise<void> {
  const id = await deleteSessionByToken(db.sql, token);
  if (id !== undefined) evict((identity) => identity.credential_id === id);
}

/** A disabled person's right password is answered like a wrong one, and so is one that is replaced meanwhile. */
async function checkPassword(
  context: IdentityContext,
  { email, password }: SignIn,
  { address, user_agent }: Origin,
): Promise<SignedIn> {
  const headers = new Headers({ [addressHeader]: address, "user-agent": user_agent });
  const { sql } = context.db;
  const hash = await readPasswordHash(sql, email);
  const { token, user } = await callAuth(context.auth, ({ api }) =>
    api.signInEmail({ body: { email, password }, headers }),
  );
  // Asked behind the new session: whoever disables, or replaces the password, ends the sessions after that, so one of the two
  // sees the other.
  if ((await isDisabled(sql, user.id)) || (await readPasswordHash(sql, email)) !== hash) {
    await endSession(context, token);
    throw wrongCredentials();
  }
  return { token, person: { id: user.id, name: user.name, email: user.email } };
}
