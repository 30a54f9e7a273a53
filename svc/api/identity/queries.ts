import type { ApiToken } from "@rondo/contract";
import type { Sql } from "@rondo/db";
import type { Role, Scope } from "@rondo/identity";

/** A caller as found by its credential. `workspace_id` and `role` are null when it does not belong to the workspace it named. */
export interface Caller {
  readonly credential_id: string;
  readonly user_id: string;
  readonly workspace_id: string | null;
  readonly role: Role | null;
  readonly expires_at: string | null;
}

/**
 * A live session by its token, with the caller's membership of the workspace named (`null`: the session's own, else the
 * caller's first).
 */
export async function findSessionCaller(
  sql: Sql,
  token: string,
  workspaceId: string | null,
): Promise<Caller | undefined> {
  const [row] = await sql<Caller[]>`
    select s.id as credential_id, s.user_id, m.workspace_id, m.role, s.expires_at
    from api.session s
    left join lateral (
      select workspace_id, role from api.member
      where user_id = s.user_id and workspace_id = coalesce(${workspaceId}::uuid, workspace_id)
      order by workspace_id is not distinct from s.active_workspace_id desc, created_at, id
      limit 1
    ) m on true
    where s.token = ${token} and s.expires_at > now()`;
  return row;
}

export interface TokenCaller extends Caller {
  readonly scopes: readonly Scope[];
  readonly use_is_stale: boolean;
}

/** A live API token by its hash, with its owner's membership of the one workspace for which it was made. `use_is_stale`: its last use was written down more than a minute ago. */
export async function findTokenCaller(sql: Sql, tokenSha256: Uint8Array): Promise<TokenCaller | undefined> {
  const [row] = await sql<TokenCaller[]>`
    select t.id as credential_id, t.user_id, m.workspace_id, m.role, t.expires_at, t.scopes,
      t.last_used_at is null or t.last_used_at < now() - interval '1 minute' as use_is_stale
    from api.api_token t
    left join api.member m on m.user_id = t.user_id and m.workspace_id = t.workspace_id
    where t.token_sha256 = ${tokenSha256} and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())`;
  return row;
}

export interface BoundCaller extends Caller {
  readonly kind: "session" | "api_token";
}

/** A live session or API token by its id, with the caller's membership of the workspace for which a JWT was made. */
export async function findCallerOfCredential(
  sql: Sql,
  credentialId: string,
  workspaceId: string,
): Promise<BoundCaller | undefined> {
  const [row] = await sql<BoundCaller[]>`
    select c.kind, c.id as credential_id, c.user_id, m.workspace_id, m.role, c.expires_at
    from (
      select 'session' as kind, id, user_id, expires_at from api.session
      where id = ${credentialId} and expires_at > now()
      union all
      select 'api_token', id, user_id, expires_at from api.api_token
      where id = ${credentialId} and workspace_id = ${workspaceId} and revoked_at is null and (expires_at is null or expires_at > now())
    ) c
    left join api.member m on m.user_id = c.user_id and m.workspace_id = ${workspaceId}`;
  return row;
}

export async function markTokenUsed(sql: Sql, id: string): Promise<void> {
  await sql`
    update api.api_token set last_used_at = now()
    where id = ${id} and (last_used_at is null or last_used_at < now() - interval '1 minute')`;
}

/**
 * Adds a token unless its maker already has `most` that live, or the session that asks has ended; undefined then.
 * The lock makes this and whoever ends the session wait for each other: either the token is seen and revoked, or not made.
 */
export async function insertToken(
  sql: Sql,
  token: { id: string; workspace_id: string; user_id: string; name: string; scopes: readonly Scope[] },
  rest: { tokenSha256: Uint8Array; expires_at: string | null; most: number; session_id: string },
): Promise<ApiToken | undefined> {
  const [row] = await sql<ApiToken[]>`
    with asking as (
      select id from api.session where id = ${rest.session_id} and user_id = ${token.user_id} and expires_at > now()
      for key share
    )
    insert into api.api_token (id, workspace_id, user_id, name, scopes, token_sha256, expires_at)
    select ${token.id}, ${token.workspace_id}, ${token.user_id}, ${token.name}, ${[...token.scopes]}::text[],
      ${rest.tokenSha256}, ${rest.expires_at}::timestamptz
    from asking where (
      select count(*) from api.api_token
      where user_id = ${token.user_id} and revoked_at is null and (expires_at is null or expires_at > now())
    ) < ${rest.most}
    returning id, workspace_id, name, scopes, expires_at, last_used_at, created_at`;
  return row;
}

/** The person's own tokens that live, newest first. */
export async function listTokens(sql: Sql, userId: string): Promise<ApiToken[]> {
  return sql<ApiToken[]>`
    select id, workspace_id, name, scopes, expires_at, last_used_at, created_at from api.api_token
    where user_id = ${userId} and revoked_at is null and (expires_at is null or expires_at > now())
    order by id desc`;
}

/** Whether there was such a token of theirs to revoke. */
export async function revokeToken(sql: Sql, userId: string, id: string): Promise<boolean> {
  const rows = await sql`
    update api.api_token set revoked_at = now()
    where id = ${id} and user_id = ${userId} and revoked_at is null and (expires_at is null or expires_at > now())
    returning id`;
  return rows.length === 1;
}
