import { waitFor } from "@rondo/testing";
import type { Instance } from "@rondo/testing/cluster";
import { counterOf } from "../prometheus.ts";
import { buildGate } from "./gate.ts";
import { type Ground, killReplica, newPeople, startReplica } from "./ground.ts";
import { count, untilFlowing } from "./ledger.ts";
import type { Row } from "./row.ts";
import { startWriting } from "./writing.ts";

/**
 * The consumer is frozen while its statements wait at a gate, so that their effects are committed without it, and killed before
 * it could know of them, let alone answer.
 */
export async function killedAfterEffect(ground: Ground, { times }: { times: number }): Promise<Row> {
  const [probe, ...people] = await newPeople(ground, 9);
  if (probe === undefined) throw new Error("nobody signed up");
  const { api, audit, sql } = ground;
  await using gate = await buildGate(sql, "audit.entry", "insert");
  const writing = startWriting({ people, at: () => api.url, perSecond: 100 });
  let effects = 0;
  let recovered_ms = 0;
  for (let round = 0; round < times; round += 1) {
    const open = await gate.close();
    const before = await entries(ground);
    await waitFor(async () => (await gate.waiting()).length > 0, { what: "the consumer to wait" });
    audit.program.kill("SIGSTOP");
    await open();
    await waitFor(async () => (await gate.waiting()).length === 0 && (await entries(ground)) > before, {
      what: "its effect",
    });
    effects += (await entries(ground)) - before;
    audit.program.kill("SIGKILL");
    await audit.program.ended();
    await audit.startProgram();
    recovered_ms = Math.max(recovered_ms, await untilFlowing(ground, probe));
  }
  const counted = await count(ground, await writing.stop());
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
      { what: "the replicas to have their parts" },
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
  const delivered = () =>
    Promise.all(replicas.map((replica) => counterOf(replica.admin, "rondo_bus_deliveries_total")));
  const before = await delivered();
  await Bun.sleep(500);
  const after = await delivered();
  return replicas.filter((_, index) => (after[index] ?? 0) > (before[index] ?? 0));
}
