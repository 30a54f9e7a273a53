import type { Sql } from "@rondo/db";

/** The person's e-mail address and the hash of their password. */
export async function findPassword(sql: Sql, userId: string): Promise<{ email: string; hash: string } | undefined> {
  const [row] = await sql<{ email: string; hash: string }[]>`
    select u.email, a.password as hash from api."user" u join api.account a on a.user_id = u.id
    where u.id = ${userId} and a.provider_id = 'credential' and a.password is not null`;
  return row;
}

/**
 * The hash of the password of whoever has this e-mail address. Waits for a change of it that is under way, and a change waits
 * for it.
 */
export async function readPasswordHash(sql: Sql, email: string): Promise<string | undefined> {
  const [row] = await sql<{ hash: string }[]>`
    select a.password as hash from api."user" u join api.account a on a.user_id = u.id
    where u.email = ${email} and a.provider_id = 'credential' and a.password is not null
    for share of a`;
  return row?.hash;
}

/** Replaces the password; not when the session that asks has ended, or the password was replaced meanwhile. Answers whether it did. */
export async function replacePassword(
  sql: Sql,
  change: { user_id: string; session_id: string; from: string; to: string },
): Promise<boolean> {
  const { user_id, session_id, from, to } = change;
  const changed = await sql`
    update api.account set password = ${to}, updated_at = now()
    where user_id = ${user_id} and provider_id = 'credential' and password = ${from}
      and exists (select 1 from api.session where id = ${session_id} and user_id = ${user_id} and expires_at > now())`;
  return changed.count === 1;
}
