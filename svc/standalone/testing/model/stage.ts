import { apiMigrations, createApp as createApi } from "@rondo/api";
import { auditMigrations, createApp as createAudit } from "@rondo/audit";
import type { Tx } from "@rondo/db";
import type { AppEnv } from "@rondo/http";
import { type Principal, unauthenticated } from "@rondo/identity";
import { createMetrics } from "@rondo/telemetry";
import { aPrincipal, createTestDatabase, fakeClock, newId, type TestDatabase } from "@rondo/testing";
import { Hono } from "hono";
import { ProcessDied } from "./bus_double.ts";
import type { Person, Workspace } from "./model.ts";
import { withinTransaction } from "./slow_writer.ts";
import { tallyMigrations } from "./tally.ts";

const origin = "http://localhost:3000";

export interface Asked {
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The `Rondo-Operation` header. */
  readonly operation: string | undefined;
  json<T>(): T;
}

/** The api and the audit trail on one database: what all interleavings share, for each has workspaces of its own. */
export class Stage {
  readonly database: TestDatabase;
  readonly clock = fakeClock();
  /** The api dies after its next commit, before its answer. */
  answerDies = false;
  readonly #audit: Hono<AppEnv>;
  readonly #api: Hono<AppEnv>;
  /** The api with every statement in `#transaction`. */
  readonly #slowApi: Hono<AppEnv>;
  #transaction: Tx | undefined;
  readonly #principals = new Map<string, Principal>();

  constructor(database: TestDatabase) {
    this.database = database;
    const authenticate = async (request: Request): Promise<Principal> => {
      const principal = this.#principals.get(request.headers.get("authorization") ?? "");
      if (principal === undefined) throw unauthenticated();
      return principal;
    };
    const wakeRelay = (): void => {
      const dies = this.answerDies;
      this.answerDies = false;
      if (dies) throw new ProcessDied("the api");
    };
    const shared = { db: database.db, metrics: createMetrics(), origin, requestsPerMinute: 1_000_000 };
    const identity = { routes: () => new Hono<AppEnv>(), authenticate };
    const api = { ...shared, identity, clock: this.clock, newId, wakeRelay };
    this.#audit = createAudit({ ...shared, authenticate });
    this.#api = createApi(api);
    const db = withinTransaction(database.db, () => this.#transaction);
    this.#slowApi = createApi({ ...api, db, wakeRelay: () => undefined });
  }

  static async open(): Promise<Stage> {
    return new Stage(await createTestDatabase({ schemas: [apiMigrations, auditMigrations, tallyMigrations], max: 10 }));
  }

  ask(person: Person, method: string, path: string, asked: Asked = {}): Promise<Answer> {
    return request(path.startsWith("/audit") ? this.#audit : this.#api, person, method, path, asked);
  }

  /** The same in a transaction of the caller's: one at a time. */
  async askWithin(tx: Tx, person: Person, method: string, path: string, asked: Asked): Promise<Answer> {
    this.#transaction = tx;
    try {
      return await request(this.#slowApi, person, method, path, asked);
    } finally {
      this.#transaction = undefined;
    }
  }

  /** A new workspace with its owner; the facts of its founding are not the model's. */
  async found(name: string): Promise<Workspace & { readonly owner: Person }> {
    const { sql } = this.database;
    const user_id = newId();
    await sql`insert into api."user" (id, name, email, email_verified)
      values (${user_id}, ${name}, ${`${user_id}@example.org`}, true)`;
    const [row] = await sql<{ id: string; inbox: string }[]>`
      select member.workspace_id as id, project.id as inbox from api.member join api.project using (workspace_id)
      where user_id = ${user_id}`;
    if (row === undefined) throw new Error("nobody founded a workspace");
    await sql`delete from api.outbox where key = ${row.id}`;
    return { id: row.id, projects: [row.inbox], owner: this.person(name, { workspace_id: row.id, user_id }) };
  }

  person(name: string, more: Partial<Principal>): Person {
    const principal = aPrincipal(more);
    const credential = `Bearer ${newId()}`;
    this.#principals.set(credential, principal);
    return { ...principal, name, credential };
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

async function request(
  app: Hono<AppEnv>,
  person: Person,
  method: string,
  path: string,
  { body, headers = {} }: Asked,
): Promise<Answer> {
  const sent = new Headers({ authorization: person.credential });
  if (body !== undefined) sent.set("content-type", "application/json");
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent.set(name, value);
  const init = { method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await app.request(`${origin}/api/v1${path}`, init);
  const text = await response.text();
  const operation = response.headers.get("rondo-operation") ?? undefined;
  const { status } = response;
  return { status, headers: response.headers, text, operation, json: <T>() => JSON.parse(text) as T };
}
