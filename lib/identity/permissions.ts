import { Problem } from "@rondo/problem";
import { type Principal, type Role, roles, type Scope } from "./principal.ts";

interface Permission {
  /** The roles in the workspace that allow it. */
  readonly roles: readonly Role[];
  /** What the credential must have been given for it. */
  readonly scope: Scope;
}

const everybody = roles;
const members = ["owner", "admin", "member"] as const;
const admins = ["owner", "admin"] as const;

/** Who may do what: the one table that pages, API and live streams read. */
export const permissions = {
  "tasks.read": { roles: everybody, scope: "tasks:read" },
  "tasks.change": { roles: members, scope: "tasks:write" },
  "projects.read": { roles: everybody, scope: "tasks:read" },
  "projects.change": { roles: members, scope: "tasks:write" },
  "history.read": { roles: everybody, scope: "tasks:read" },
  /** One's own tokens, as a person: each narrowed to what its maker may do. */
  "tokens.manage": { roles: everybody, scope: "tasks:read" },
  "workspace.manage": { roles: admins, scope: "workspace:admin" },
} as const satisfies Readonly<Record<string, Permission>>;

export type Action = keyof typeof permissions;

/** Whether the principal's role allows the action and its credential was given the scope: a token never does more than its maker. */
export function can(principal: Pick<Principal, "role" | "scopes">, action: Action): boolean {
  const { roles, scope }: Permission = permissions[action];
  return roles.includes(principal.role) && principal.scopes.includes(scope);
}

/** @throws Problem `forbidden`, saying whether the role or the credential is too little */
export function authorize(principal: Pick<Principal, "role" | "scopes">, action: Action): void {
  if (can(principal, action)) return;
  const { roles, scope }: Permission = permissions[action];
  const why = roles.includes(principal.role)
    ? `This needs the scope ${scope}, which your credential was not given.`
    : `You are ${principal.role} in this workspace, which does not allow this.`;
  throw new Problem("forbidden", why);
}

/** What a credential of somebody with this role can be given: the scopes of all that the role allows. */
export function scopesOfRole(role: Role): readonly Scope[] {
  const allowed: readonly Permission[] = Object.values(permissions).filter(({ roles }: Permission) =>
    roles.includes(role),
  );
  return [...new Set(allowed.map(({ scope }) => scope))];
}
