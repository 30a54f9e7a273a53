import type { ActorType, Role, Scope } from "@rondo/identity";
import type { Project, Task } from "@rondo/task";

export const services = ["api", "audit"] as const;
export type Service = (typeof services)[number];

/** Carries a request to a service, until its signal is aborted. Rejects with a Problem `unavailable` when the service cannot be reached. */
export type Transport = (service: Service, request: Request) => Promise<Response>;

/** On whose behalf: an access token (JWT or API token), or the `Cookie` header of the person's browser. */
export type Credential = { readonly bearer: string } | { readonly cookie: string };

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** A thing after a change, and the operation by which its maker can undo it (`POST /undo`). */
export interface Changed<T> {
  readonly value: T;
  readonly operation_id: string | null;
}

/** `version`: sent as `If-Match`, so that a change made meanwhile by someone else is a Problem `stale` with `current`. */
export interface ChangeOptions {
  readonly version?: number | undefined;
}

/** The same key and body make the thing once, however often it is sent. */
export interface CreateOptions {
  readonly idempotency_key?: string | undefined;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly personal: boolean;
}

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly workspace_id: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly workspaces: readonly Workspace[];
}

type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };
export type TaskFields = Pick<Task, "notes" | "priority" | "due_date" | "due_time" | "time_zone">;
export type TaskInput = Pick<Task, "title"> & Optional<TaskFields & Pick<Task, "project_id">>;
/** RFC 7396: an absent field is kept, `null` clears it. */
export type TaskChanges = Optional<TaskFields & Pick<Task, "title" | "project_id">>;
export type TaskMove = Optional<{ project_id: string; before_id: string | null; after_id: string | null }>;

/** `due_after` is inclusive and `due_before` exclusive; both are dates, `YYYY-MM-DD`. */
export type TaskQuery = Optional<{
  status: "open" | "completed" | "deleted" | "all";
  priority: Task["priority"];
  project: string;
  due_before: string;
  due_after: string;
  sort: "position" | "due_date" | "priority" | "created_at" | "updated_at" | "title";
  order: "asc" | "desc";
  limit: number;
  cursor: string;
}>;

export type ProjectInput = Pick<Project, "name"> & Optional<Pick<Project, "color">>;
export type ProjectChanges = Optional<Pick<Project, "name" | "color"> & { archived: boolean }>;
export type ProjectMove = Optional<{ before_id: string | null; after_id: string | null }>;

/** One line of the trail. `changes`: field → [before, after]. */
export interface AuditEntry {
  readonly id: string;
  readonly event_id: string;
  readonly type: string;
  readonly time: string;
  readonly actor_id: string;
  readonly actor_type: ActorType;
  readonly task_id: string | null;
  readonly project_id: string | null;
  readonly changes: Readonly<Record<string, readonly [unknown, unknown]>>;
}

export type AuditQuery = Optional<{
  task_id: string;
  project_id: string;
  actor_id: string;
  type: string;
  from: string;
  to: string;
  cursor: string;
  limit: number;
}>;

export interface ApiToken {
  readonly id: string;
  /** The one workspace in which it acts. */
  readonly workspace_id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly created_at: string;
}

/** As answered by `POST /tokens`: the one time that the secret itself is shown. */
export interface CreatedApiToken extends ApiToken {
  readonly token: string;
}

export interface Session {
  readonly id: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  /** Whether this is the session that asks. */
  readonly current: boolean;
}

export interface Tasks {
  list(query?: TaskQuery): Promise<Page<Task>>;
  get(id: string): Promise<Task>;
  create(input: TaskInput, options?: CreateOptions): Promise<Changed<Task>>;
  patch(id: string, changes: TaskChanges, options?: ChangeOptions): Promise<Changed<Task>>;
  complete(id: string, options?: ChangeOptions): Promise<Changed<Task>>;
  reopen(id: string, options?: ChangeOptions): Promise<Changed<Task>>;
  remove(id: string, options?: ChangeOptions): Promise<Changed<Task>>;
  restore(id: string, options?: ChangeOptions): Promise<Changed<Task>>;
  move(id: string, to: TaskMove, options?: ChangeOptions): Promise<Changed<Task>>;
}

export interface Projects {
  list(query?: { readonly archived?: boolean | undefined }): Promise<Page<Project>>;
  get(id: string): Promise<Project>;
  create(input: ProjectInput, options?: CreateOptions): Promise<Changed<Project>>;
  patch(id: string, changes: ProjectChanges, options?: ChangeOptions): Promise<Changed<Project>>;
  /** Only a project without tasks outside the bin; otherwise a Problem `conflict`. */
  remove(id: string, options?: ChangeOptions): Promise<void>;
  move(id: string, to: ProjectMove, options?: ChangeOptions): Promise<Changed<Project>>;
}

export interface Undone {
  readonly tasks: readonly Task[];
  readonly projects: readonly Project[];
}

/** The public interface of Rondo, in one person's (or program's) name. Every answer that is not 2xx is a thrown Problem. */
export interface Api {
  me(): Promise<Me>;
  readonly tasks: Tasks;
  readonly projects: Projects;
  /** @throws Problem `conflict` when something was changed since. */
  undo(operationId: string): Promise<Undone>;
  readonly audit: { list(query?: AuditQuery): Promise<Page<AuditEntry>> };
  readonly tokens: {
    list(): Promise<Page<ApiToken>>;
    create(input: { name: string; scopes: readonly Scope[]; expires_at?: string | null }): Promise<CreatedApiToken>;
    revoke(id: string): Promise<void>;
  };
  /** Browser sessions; needs a cookie as the credential. */
  readonly sessions: {
    list(): Promise<readonly Session[]>;
    revoke(id: string): Promise<void>;
    revokeOthers(): Promise<void>;
    revokeAll(): Promise<void>;
  };
}

/** What the web tier knows of the browser behind a sign-in: the limits on wrong passwords count by address. */
export interface BrowserContext {
  readonly client_address?: string | undefined;
  readonly user_agent?: string | undefined;
  /** Ends the call when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** `setCookies`: `Set-Cookie` values to hand to the browser unchanged. */
export interface SignedIn {
  readonly ok: true;
  readonly setCookies: readonly string[];
}

export interface Auth {
  signUp(input: { name: string; email: string; password: string }, context: BrowserContext): Promise<SignedIn>;
  signIn(input: { email: string; password: string }, context: BrowserContext): Promise<SignedIn>;
  signOut(cookie: string, context: BrowserContext): Promise<SignedIn>;
}

export interface CallOptions {
  /** Another workspace than the credential's own. */
  readonly workspace_id?: string | undefined;
  /** The deadline of whoever asks: ends a call under way and what would repeat it, and is then what is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface Client {
  as(credential: Credential, options?: CallOptions): Api;
  readonly auth: Auth;
}
