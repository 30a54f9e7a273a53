import { setDefaultTimeout } from "bun:test";
import type { CloudEvent } from "@rondo/event";
import type { Principal } from "@rondo/identity";
import type { Project, Task } from "@rondo/task";
import { createMetrics } from "@rondo/telemetry";
import { aPrincipal, createTestDatabase, fakeClock, newId } from "@rondo/testing";
import { createApp } from "./app.ts";
import type { AppDeps } from "./deps.ts";
import { createIdentity } from "./identity/index.ts";
import { apiMigrations } from "./migrations.ts";

/** The first database of a test process waits for a PostgreSQL to be made and started, beside whatever else runs. */
setDefaultTimeout(30_000);

const origin = "http://localhost:3000";

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  /** The `Rondo-Operation` header. */
  readonly operation: string | null;
}

export interface ProblemBody {
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
  readonly current?: unknown;
}

interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/**
 * The whole api on a database of its own. Who calls may be said by a made-up bearer token, so that tests can be anybody;
 * everything else is a real credential.
 */
export async function createApiFixture(changes: Partial<AppDeps> = {}) {
  const database = await createTestDatabase({ schemas: [apiMigrations], max: 10 });
  const { db, sql } = database;
  const clock = fakeClock();
  const callers = new Map<string, Principal>();
  const identity = createIdentity({
    db,
    databaseUrl: database.url,
    origin,
    secret: "a secret of thirty-two characters",
    clock: () => new Date(),
    newId,
    signUp: "open",
  });
  let wakes = 0;
  const app = createApp({
    db,
    clock,
    newId,
    wakeRelay: () => {
      wakes += 1;
    },
    identity: {
      routes: identity.routes,
      async authenticate(request) {
        const caller = callers.get(request.headers.get("authorization") ?? "");
        return caller ?? identity.authenticate(request);
      },
    },
    metrics: createMetrics(),
    origin,
    requestsPerMinute: 1_000_000,
    ...changes,
  });

  async function call<T>(
    caller: Pick<Caller, "credential"> | undefined,
    method: string,
    path: string,
    options: CallOptions = {},
  ) {
    const headers = new Headers();
    if (caller) headers.set("authorization", caller.credential);
    if (options.body !== undefined) headers.set("content-type", "application/json");
    for (const [name, value] of Object.entries(options.headers ?? {}))
      if (value !== undefined) headers.set(name, value);
    const { body } = options;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await app.request(path, { method, headers, ...(body === undefined ? {} : { body: text }) });
    return answerOf<T>(response);
  }

  /** A new person with a workspace of their own, or another caller in the same one. */
  async function caller(overrides: Partial<Principal> = {}): Promise<Caller> {
    const user_id = overrides.user_id ?? newId();
    const workspace_id = overrides.workspace_id ?? (await foundWorkspace(user_id));
    const principal = aPrincipal({ user_id, actor_id: user_id, workspace_id, ...overrides });
    const credential = `Bearer ${newId()}`;
    callers.set(credential, principal);
    const as =
      (method: string) =>
      <T = Task>(path: string, options?: CallOptions) =>
        call<T>({ credential }, method, `/api/v1${path}`, options);
    const [get, post, patch, remove] = [as("GET"), as("POST"), as("PATCH"), as("DELETE")];
    const task = async (body: object = {}) => (await post("/tasks", { body: { title: "Buy milk", ...body } })).body;
    const project = async (body: object = {}) =>
      (await post<Project>("/projects", { body: { name: "House", ...body } })).body;
    return { principal, credential, get, post, patch, remove, task, project };
  }

  /** Its founding has been published, as it were: tests see what comes after. */
  async function foundWorkspace(userId: string): Promise<string> {
    await sql`
      insert into api."user" (id, name, email, email_verified) values (${userId}, 'Ada', ${`${userId}@example.org`}, true)`;
    const [row] = await sql<{ workspace_id: string }[]>`select workspace_id from api.member where user_id = ${userId}`;
    if (!row) throw new Error("the person has no workspace");
    await sql`delete from api.outbox where key = ${row.workspace_id}`;
    return row.workspace_id;
  }

  return {
    app,
    db,
    sql,
    clock,
    call,
    caller,
    wakes: () => wakes,
    /** The events of a workspace that wait in the outbox, oldest first. */
    async events(workspaceId: string): Promise<CloudEvent[]> {
      const rows = await sql<{ payload: CloudEvent }[]>`
        select payload from api.outbox where key = ${workspaceId} order by id`;
      return rows.map(({ payload }) => payload);
    },
    async close() {
      await identity.close();
      await database.close();
    },
  };
}

export type ApiFixture = Awaited<ReturnType<typeof createApiFixture>>;
type Call = <T = Task>(path: string, options?: CallOptions) => Promise<Answer<T>>;

export interface Caller {
  readonly credential: string;
  readonly principal: Principal;
  readonly get: Call;
  readonly post: Call;
  readonly patch: Call;
  readonly remove: Call;
  task(body?: object): Promise<Task>;
  project(body?: object): Promise<Project>;
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  const { status, headers } = response;
  return {
    status,
    headers,
    operation: headers.get("rondo-operation"),
    body: text === "" ? undefined : JSON.parse(text),
  };
}

/** The pointers of what was wrong, for `expect`. */
export function pointersOf({ body }: Answer<ProblemBody>): readonly string[] {
  return body.errors.map(({ pointer }) => pointer);
}
