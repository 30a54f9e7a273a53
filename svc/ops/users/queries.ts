/** SQL on the people of the schema `api`, for their operator: of all workspaces at once. */
import type { Sql, Tx } from "@rondo/db";

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly created_at: string;
  readonly disabled_at: string | null;
  /** That count now. */
  readonly sessions: number;
  readonly api_tokens: number;
}

/** All of them by their e-mail, or the one with this e-mail or id. */
export async function readUsers(sql: Sql, named?: string): Promise<User[]> {
  return await sql<User[]>`
    select u.id, u.email, u.name, u.created_at, u.disabled_at,
      (select count(*) from api.session s where s.user_id = u.id and s.expires_at > now()) as sessions,
      (select count(*) from api.api_token t
        where t.user_id = u.id and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())) as api_tokens
    from api."user" u
    where ${named === undefined ? sql`true` : sql`u.email = ${named.trim().toLowerCase()} or u.id::text = ${named}`}
    order by u.email`;
}

/** Names of the workspaces with other members whose only owner that can sign in this is. */
export async function readOwnedAlone(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select w.name from api.member m join api.workspace w on w.id = m.workspace_id
    where m.user_id = ${userId} and m.role = 'owner'
      and exists (select from api.member o where o.workspace_id = m.workspace_id and o.user_id <> m.user_id)
      and not exists (
        select from api.member o join api."user" u on u.id = o.user_id
        where o.workspace_id = m.workspace_id and o.user_id <> m.user_id and o.role = 'owner' and u.disabled_at is null
      )
    order by w.name`;
  return rows.map(({ name }) => name);
}

export async function setDisabled(sql: Sql, userId: string, isDisabled: boolean): Promise<void> {
  await sql`
    update api."user" set disabled_at = case when ${isDisabled} then coalesce(disabled_at, now()) end, updated_at = now()
    where id = ${userId}`;
}

/** Ends every session and every API token; answers how many. */
export async function endCredentials(sql: Sql, userId: string): Promise<{ sessions: number; api_tokens: number }> {
  const sessions = await sql`delete from api.session where user_id = ${userId}`;
  const tokens = await sql`
    update api.api_token set revoked_at = now() where user_id = ${userId} and revoked_at is null`;
  return { sessions: sessions.count, api_tokens: tokens.count };
}

/** Whether there is an account with a password to set. */
export async function setPassword(sql: Sql | Tx, userId: string, hash: string): Promise<boolean> {
  const changed = await sql`
    update api.account set password = ${hash}, updated_at = now()
    where user_id = ${userId} and provider_id = 'credential'`;
  return changed.count === 1;
}
