import type { Sql } from "postgres";

/** A point in the database at which the statements of a service wait while it is closed. */
export interface Gate extends AsyncDisposable {
  /** From now on they wait; answers how to let them pass. */
  close(): Promise<() => Promise<void>>;
  /** The sessions that wait. */
  waiting(): Promise<readonly number[]>;
}

/** Of the lock that stands for the gate: of a class of its own. */
const lock = "4711, 1";

/** @param table before whose inserts or deletes the gate stands */
export async function buildGate(
  sql: Sql,
  table: "audit.entry" | "api.outbox",
  event: "insert" | "delete",
): Promise<Gate> {
  await sql.unsafe(`
    create function public.pass_the_gate() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock_shared(${lock}); return null; end $$;
    create trigger gate before ${event} on ${table} for each statement execute function public.pass_the_gate()`);
  return {
    async close() {
      const closed = Promise.withResolvers<void>();
      const opened = Promise.withResolvers<void>();
      const holding = sql.begin(async (tx) => {
        await tx.unsafe(`select pg_advisory_xact_lock(${lock})`);
        closed.resolve();
        await opened.promise;
      });
      await Promise.race([closed.promise, holding]);
      return async () => {
        opened.resolve();
        await holding;
      };
    },
    async waiting() {
      const sessions = await sql<{ pid: number }[]>`
        select pid from pg_locks where locktype = 'advisory' and classid = 4711 and not granted`;
      return sessions.map(({ pid }) => pid);
    },
    async [Symbol.asyncDispose]() {
      await sql.unsafe(`drop trigger gate on ${table}; drop function public.pass_the_gate()`);
    },
  };
}
