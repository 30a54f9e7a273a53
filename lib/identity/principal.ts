export const scopes = ["tasks:read", "tasks:write", "workspace:admin"] as const;
export type Scope = (typeof scopes)[number];

export const roles = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof roles)[number];

/** Who acts: a person, a program with an API token, an AI agent, or Rondo itself. */
export const actorTypes = ["user", "token", "agent", "system"] as const;
export type ActorType = (typeof actorTypes)[number];

/** On whose behalf a call is made, and in which workspace. Every verb takes one as its first argument. */
export interface Principal {
  readonly actor_id: string;
  readonly actor_type: ActorType;
  /** The user behind the actor; equal to `actor_id` unless a token or agent acts. */
  readonly user_id: string;
  readonly workspace_id: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
}
