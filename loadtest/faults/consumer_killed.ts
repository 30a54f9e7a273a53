import { waitFor } from "@rondo/testing";
import type { Instance } from "@rondo/testing/cluster";
import { counterOf, type Ground, killReplica, newPeople, startReplica } from "./ground.ts";
import { count, untilFlowing } from "./ledger.ts";
import type { Row } from "./row.ts";
import { startWriting } from "./writing.ts";

/** Of the lock at which the consumer's statements wait while somebody else has it. */
const gate = 4_711;

/**
 * The consumer is frozen while its statements wait at a gate, so that their effects are committed without it, and killed before
 * it could know of them, let alone answer.
 */
export async function killedAfterEffect(ground: Ground, { times }: { times: number }): Promise<Row> {
  const [probe, ...people] = await newPeople(ground, 9);
  if (probe === undefined) throw new Error("nobody signed up");
  const { api, audit, sql } = ground;
  await sql.unsafe(`
    create function audit.pass_the_gate() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock_shared(${gate}); return null; end $$;
    create trigger gate before insert on audit.inbox for each statement execute function audit.pass_the_gate()`);
  const writing = startWriting({ people, at: () => api.url, perSecond: 100 });
  let effects = 0;
  let recovered_ms = 0;
  for (let round = 0; round < times; round += 1) {
    const opened = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const holding = sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${gate})`;
      closed.resolve();
      await opened.promise;
    });
    await closed.promise;
    const before = await entries(ground);
    await waitFor(() => atTheGate(ground), { what: "the consumer to wait", deadlineMs: 20_000 });
    audit.program.kill("SIGSTOP");
    opened.resolve();
    await holding;
    await waitFor(async () => !(await atTheGate(ground)) && (await entries(ground)) > before, { what: "its effect" });
    effects += (await entries(ground)) - before;
    audit.program.kill("SIGKILL");
    await audit.program.ended();
    await audit.startProgram();
    recovered_ms = Math.max(recovered_ms, await untilFlowing(ground, probe));
  }
  const counted = await count(ground, await writing.stop());
  await sql.unsafe("drop trigger gate on audit.inbox; drop function audit.pass_the_gate()");
  return {
    fault: "consumer killed after its effect, before its answer",
    engine: ground.engine,
    times,
    ...counted,
    recovered_ms,
    further: `${effects} effects were there before their events came again`,
    kept: effects >= times,
  };
}

async function atTheGate({ sql }: Ground): Promise<boolean> {
  const waiting = await sql`
    select from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'rondo-audit%'`;
  return waiting.count > 0;
}

async function entries({ sql }: Ground): Promise<number> {
  const [row] = await sql<{ entries: number }[]>`select count(*)::int as entries from audit.entry`;
  return row?.entries ?? 0;
}

/** Two replicas share the partitions (local: one waits for the other's place); one that works is gone at once, with its sidecar, and comes back. */
export async function replicaKilled(ground: Ground, { times }: { times: number }): Promise<Row> {
  const people = await newPeople(ground, 24);
  const [probes, writers] = [people.slice(0, 12), people.slice(12)];
  const { api, audit } = ground;
  await using another = await ground.another("audit");
  const replicas = [audit, another];
  const writing = startWriting({ people: writers, at: () => api.url, perSecond: 100 });
  let recovered_ms = 0;
  for (let round = 0; round < times; round += 1) {
    const working = await waitFor(
      async () => {
        const found = await thoseThatWork(replicas);
        return found.length === (ground.engine === "dapr" ? 2 : 1) ? found : undefined;
      },
      { what: "the replicas to have their parts", deadlineMs: 60_000 },
    );
    const dying = working[round % working.length] ?? audit;
    await killReplica(dying);
    recovered_ms = Math.max(recovered_ms, ...(await Promise.all(probes.map((probe) => untilFlowing(ground, probe)))));
    await startReplica(dying);
  }
  const counted = await count(ground, await writing.stop());
  return {
    fault: "one of two consumer replicas killed",
    engine: ground.engine,
    times,
    ...counted,
    recovered_ms,
    further: ground.engine === "local" ? "the one that works is killed" : "both work, on partitions of their own",
    kept: true,
  };
}

/** Those that were brought events within half a second. */
async function thoseThatWork(replicas: readonly Instance[]): Promise<readonly Instance[]> {
  const delivered = () => Promise.all(replicas.map((replica) => counterOf(replica, "rondo_bus_deliveries_total")));
  const before = await delivered();
  await Bun.sleep(500);
  const after = await delivered();
  return replicas.filter((_, index) => (after[index] ?? 0) > (before[index] ?? 0));
}
