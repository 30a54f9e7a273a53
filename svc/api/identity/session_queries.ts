import type { Sql } from "@rondo/db";
import type { Role } from "@rondo/identity";

export interface SessionRow {
  readonly id: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
}

/** The person's live sessions, newest first; never their tokens. */
export async function listSessions(sql: Sql, userId: string): Promise<SessionRow[]> {
  return sql<SessionRow[]>`
    select id, created_at, expires_at, nullif(ip_address, '') as ip_address, nullif(user_agent, '') as user_agent
    from api.session where user_id = ${userId} and expires_at > now()
    order by id desc limit 200`;
}

export async function isSessionLive(sql: Sql, id: string): Promise<boolean> {
  return (await sql`select 1 from api.session where id = ${id} and expires_at > now()`).length === 1;
}

/** Whether there was such a session of theirs to end. */
export async function deleteSession(sql: Sql, userId: string, id: string): Promise<boolean> {
  const rows = await sql`
    delete from api.session where id = ${id} and user_id = ${userId} and expires_at > now() returning id`;
  return rows.length === 1;
}

/** The id of the session that this ended, if there was one. */
export async function deleteSessionByToken(sql: Sql, token: string): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`delete from api.session where token = ${token} returning id`;
  return row?.id;
}

/** Ends all of the person's sessions but `exceptId`. */
export async function deleteSessions(sql: Sql, userId: string, exceptId: string | null): Promise<void> {
  await sql`delete from api.session where user_id = ${userId} and id is distinct from ${exceptId}::uuid`;
}

/** Sessions end by themselves; their rows go when the person next signs in. */
export async function deleteExpiredSessions(sql: Sql, userId: string): Promise<void> {
  await sql`delete from api.session where user_id = ${userId} and expires_at <= now()`;
}

export interface WorkspaceRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly personal: boolean;
}

/** The workspaces that the person belongs to, their own first, then by name. */
export async function listWorkspaces(sql: Sql, userId: string): Promise<WorkspaceRow[]> {
  return sql<WorkspaceRow[]>`
    select w.id, w.name, m.role, w.personal
    from api.member m join api.workspace w on w.id = m.workspace_id
    where m.user_id = ${userId}
    order by w.personal desc, w.name, w.id`;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export async function findPerson(sql: Sql, userId: string): Promise<Person | undefined> {
  const [row] = await sql<Person[]>`select id, name, email from api."user" where id = ${userId}`;
  return row;
}

export async function isAnybodyHere(sql: Sql): Promise<boolean> {
  return (await sql`select 1 from api."user" limit 1`).length === 1;
}

/** Until the transaction ends, nobody else makes a first account. */
export async function lockFirstAccount(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('rondo first account', 0))`;
}

export async function hasAccount(sql: Sql, email: string): Promise<boolean> {
  const rows = await sql`select 1 from api."user" where email = ${email}`;
  return rows.length === 1;
}

export async function isDisabled(sql: Sql, userId: string): Promise<boolean> {
  const rows = await sql`select 1 from api."user" where id = ${userId} and disabled_at is not null`;
  return rows.length === 1;
}
