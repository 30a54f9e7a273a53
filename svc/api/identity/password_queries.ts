import type { Sql } from "@rondo/db";

/** The person's e-mail address and the hash of their password. */
export async function findPassword(sql: Sql, userId: string): Promise<{ email: string; hash: string } | undefined> {
  const [row] = await sql<{ email: string; hash: string }[]>`
    select u.email, a.password as hash from api."user" u join api.account a on a.user_id = u.id
    where u.id = ${userId} and a.provider_id = 'credential' and a.password is not null`;
  return row;
}

/**
 * Replaces the password and ends the person's other sessions, in one statement; not when the session that asks has ended, or the
 * password was replaced meanwhile. Answers whether it did.
 */
export async function replacePassword(
  sql: Sql,
  change: { user_id: string; session_id: string; from: string; to: string },
): Promise<boolean> {
  const { user_id, session_id, from, to } = change;
  const rows = await sql`
    with changed as (
      update api.account set password = ${to}, updated_at = now()
      where user_id = ${user_id} and provider_id = 'credential' and password = ${from}
        and exists (select 1 from api.session where id = ${session_id} and user_id = ${user_id} and expires_at > now())
      returning user_id
    ), ended as (
      delete from api.session where user_id in (select user_id from changed) and id <> ${session_id}
    )
    select 1 from changed`;
  return rows.length === 1;
}
