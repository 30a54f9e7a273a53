import { waitFor } from "@rondo/testing";
import { buildGate, type Gate } from "./gate.ts";
import { type Ground, newPeople } from "./ground.ts";
import { count, untilFlowing } from "./ledger.ts";
import type { Row } from "./row.ts";
import { startWriting, type Writing } from "./writing.ts";

/**
 * The api, in which the relay lives, is killed under writes and started again: at random moments, and in turn with those at a gate that stands
 * between the acknowledgement of its events and their deletion.
 */
export async function relayKilled(ground: Ground, { times }: { times: number }): Promise<Row> {
  const [probe, ...people] = await newPeople(ground, 13);
  if (probe === undefined) throw new Error("nobody signed up");
  const { api, sql } = ground;
  const before = await ground.recordsOnLog();
  await using gate = await buildGate(sql, "api.outbox", "delete");
  const writing = startWriting({ people, at: () => api.url });
  let recovered_ms = 0;
  for (let round = 0; round < times; round += 1) {
    if (round % 2 === 0) await killBeforeDeletion(ground, gate);
    else await killSoon(ground, writing);
    await api.program.ended();
    await api.startProgram();
    if (round % 10 === 0) recovered_ms = Math.max(recovered_ms, await untilFlowing(ground, probe));
  }
  const written = await writing.stop();
  const counted = await count(ground, written);
  const workspaces = [...written.acknowledged.keys(), probe.workspace_id];
  const [entries] = await sql<{ facts: number }[]>`
    select count(*)::int as facts from audit.entry where workspace_id = any(${workspaces}) and task_id is not null`;
  const repeated = (await ground.recordsOnLog()) - before - (entries?.facts ?? 0);
  return {
    fault: "relay killed in mid-batch (`kill -9` of the api)",
    engine: ground.engine,
    times,
    ...counted,
    recovered_ms,
    further: `${repeated} events were published and not yet forgotten when it died: they came twice`,
    kept: repeated >= times / 2,
  };
}

async function killSoon({ api }: Ground, writing: Writing): Promise<void> {
  const enough = writing.count() + 40 + Math.floor(Math.random() * 200);
  await waitFor(() => writing.count() >= enough, { what: "writes", everyMs: 1 });
  api.program.kill("SIGKILL");
}

/** Its session goes first: PostgreSQL would finish what waits there without it. */
async function killBeforeDeletion({ api, sql }: Ground, gate: Gate): Promise<void> {
  const open = await gate.close();
  const sessions = await waitFor(
    async () => {
      const waiting = await gate.waiting();
      return waiting.length > 0 ? waiting : undefined;
    },
    { what: "the relay at the gate" },
  );
  api.program.kill("SIGKILL");
  await sql`select pg_terminate_backend(pid) from unnest(${[...sessions]}::int[]) as s (pid)`;
  await open();
}
