import type { Sql } from "@rondo/db";
import { command, type Report } from "../cli/command.ts";
import { UsageError } from "../cli/option.ts";
import { counted, oneLine, table } from "../cli/table.ts";
import { databaseOptions, withDatabase } from "../database/options.ts";
import { endCredentials, readOwnedAlone, readUsers, setDisabled, setPassword, type User } from "./queries.ts";

export const usersListCommand = command({
  name: "users list",
  summary: "who has an account",
  about: "who has an account, since when, and with how many sessions and API tokens.",
  options: databaseOptions,
  run: (values) => withDatabase(values, async ({ sql }) => listed(await readUsers(sql))),
});

export const usersSignOutCommand = onUser({
  name: "users sign-out",
  summary: "ends all sessions and API tokens of a user",
  about: "ends all sessions and API tokens of a user, within 10 s everywhere. They can sign in again.",
  act: async (sql, user) => ended(user, await endCredentials(sql, user.id)),
});

export const usersDisableCommand = onUser({
  name: "users disable",
  summary: "keeps a user from signing in",
  about:
    "keeps a user from signing in, and ends their sessions and API tokens, within 10 s everywhere. What they made stays.\n\n" +
    "The last owner of a workspace that others work in is refused: make somebody else its owner first.",
  act: async (sql, user) => {
    const alone = await readOwnedAlone(sql, user.id);
    if (alone.length > 0)
      throw new Error(`${user.email} is the last owner of ${alone.join(", ")}: make somebody else an owner first`);
    // In this order: a sign-in that has not seen the mark has made its session before it was set.
    await setDisabled(sql, user.id, true);
    const { json, text } = ended(user, await endCredentials(sql, user.id));
    return { json: { ...json, disabled: true }, text: `${text}; no sign-in any more` };
  },
});

export const usersEnableCommand = onUser({
  name: "users enable",
  summary: "lets a disabled user sign in again",
  about: "lets a disabled user sign in again. Sessions and API tokens that were ended stay so.",
  act: async (sql, user) => {
    await setDisabled(sql, user.id, false);
    return { json: { disabled: false }, text: `${user.email} can sign in` };
  },
});

export const usersResetPasswordCommand = onUser({
  name: "users reset-password",
  summary: "gives a user a new password, and prints it",
  about:
    "gives a user a new password at random, and prints it: hand it over in person. Their sessions and API tokens end. It needs no mail.",
  act: async (sql, user) => {
    const { hashPassword } = await import("@rondo/identity/password");
    const password = Buffer.from(crypto.getRandomValues(new Uint8Array(15))).toString("base64url");
    if (!(await setPassword(sql, user.id, await hashPassword(password))))
      throw new Error(`${user.email} signs in without a password`);
    const { json, text } = ended(user, await endCredentials(sql, user.id));
    return { json: { ...json, password }, text: `${text}\nnew password: ${password}` };
  },
});

interface Acted {
  readonly json: object;
  readonly text: string;
}

/** A command on one user, named by e-mail or id. */
function onUser({
  act,
  ...about
}: {
  readonly name: string;
  readonly summary: string;
  readonly about: string;
  readonly act: (sql: Sql, user: User) => Promise<Acted>;
}) {
  return command({
    ...about,
    words: "email",
    options: databaseOptions,
    run: (values, words) => {
      const [named, ...more] = words;
      if (named === undefined || more.length > 0) throw new UsageError(`${about.name} needs one e-mail or id`);
      return withDatabase(values, async ({ sql }) => {
        const [user] = await readUsers(sql, named);
        if (user === undefined) throw new Error(`there is no user ${oneLine(named)}`);
        const { json, text } = await act(sql, user);
        return { json: { ok: true, id: user.id, email: user.email, ...json }, text, ok: true };
      });
    },
  });
}

function ended({ email }: User, credentials: { sessions: number; api_tokens: number }): Acted {
  const { sessions, api_tokens } = credentials;
  return {
    json: credentials,
    text: `${email}: ${counted(sessions, "session")} and ${counted(api_tokens, "token")} ended`,
  };
}

function listed(users: readonly User[]): Report {
  const rows = table<User>(
    [
      { title: "EMAIL", cell: ({ email }) => oneLine(email) },
      { title: "NAME", cell: ({ name }) => oneLine(name, 40) },
      { title: "SINCE", cell: ({ created_at }) => created_at },
      { title: "SESSIONS", cell: ({ sessions }) => sessions },
      { title: "TOKENS", cell: ({ api_tokens }) => api_tokens },
      { title: "STATE", cell: ({ disabled_at }) => (disabled_at === null ? "-" : "disabled") },
    ],
    users,
  );
  return { json: { users }, text: users.length === 0 ? "nobody has an account" : rows, ok: true };
}
