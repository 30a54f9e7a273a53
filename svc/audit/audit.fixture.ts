/** What the tests of this folder share: the whole service on a database of its own. Who calls is said by a made-up token. */
import type { AuditEntry } from "@rondo/contract";
import type { AnyEvent } from "@rondo/event";
import { type Principal, unauthenticated } from "@rondo/identity";
import { createMetrics } from "@rondo/telemetry";
import { aPrincipal, createTestDatabase, newId } from "@rondo/testing";
import { createApp } from "./app.ts";
import { recordEvents } from "./entry/record.ts";
import { auditMigrations } from "./migrations.ts";

interface ProblemBody {
  readonly status: number;
  readonly errors: readonly { readonly pointer: string }[];
}

export async function createAuditFixture(requestsPerMinute = 1_000_000) {
  const database = await createTestDatabase({ schemas: [auditMigrations], max: 10 });
  const { db, sql } = database;
  const callers = new Map<string, Principal>();
  const app = createApp({
    db,
    authenticate: async (request) => {
      const caller = callers.get(request.headers.get("authorization") ?? "");
      if (caller === undefined) throw unauthenticated();
      return caller;
    },
    metrics: createMetrics(),
    origin: "http://localhost:3000",
    requestsPerMinute,
  });

  /** Somebody, and what they get from `GET /audit`. */
  function caller(overrides: Partial<Principal> = {}) {
    const principal = aPrincipal(overrides);
    const authorization = `Bearer ${newId()}`;
    callers.set(authorization, principal);
    const get = async (query: Record<string, string | number> = {}) => {
      const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
      const response = await app.request(`/api/v1/audit?${search}`, { headers: { authorization } });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text };
    };
    const page = async (query?: Record<string, string | number>) => {
      const { status, text } = await get(query);
      if (status !== 200) throw new Error(`${status} ${text}`);
      const body: { items: AuditEntry[]; next_cursor: string | null } = JSON.parse(text);
      return body;
    };
    const problem = async (query?: Record<string, string | number>) => {
      const body: ProblemBody = JSON.parse((await get(query)).text);
      return { status: body.status, pointers: body.errors.map(({ pointer }) => pointer) };
    };
    return { principal, get, page, problem };
  }

  /** Hands events to the consumer, as the bus does. */
  const consume = (...events: readonly AnyEvent[]) => recordEvents({ db, newId }, events);

  return { app, database, db, sql, caller, consume, close: database.close };
}

export type AuditFixture = Awaited<ReturnType<typeof createAuditFixture>>;
