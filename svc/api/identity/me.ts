import type { Me } from "@rondo/contract";
import { type Principal, unauthenticated } from "@rondo/identity";
import type { IdentityContext } from "./context.ts";
import { findPerson, listWorkspaces, type WorkspaceRow } from "./session_queries.ts";

/** The person behind the call, the workspace it acts in and what it may do there. */
export async function getMe({ db }: IdentityContext, principal: Principal): Promise<Me> {
  const { user_id, workspace_id, role, scopes } = principal;
  const [person, workspaces] = await Promise.all([findPerson(db.sql, user_id), listWorkspaces(db.sql, user_id)]);
  if (!person) throw unauthenticated();
  return { ...person, workspace_id, role, scopes: [...scopes], workspaces };
}

/** The workspaces that the person belongs to, their own first. */
export async function getWorkspaces({ db }: IdentityContext, principal: Principal): Promise<WorkspaceRow[]> {
  return listWorkspaces(db.sql, principal.user_id);
}
