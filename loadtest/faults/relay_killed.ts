import { waitFor } from "@rondo/testing";
import { type Ground, newPeople } from "./ground.ts";
import { count, untilFlowing } from "./ledger.ts";
import type { Row } from "./row.ts";
import { startWriting } from "./writing.ts";

/** The api, in which the relay lives, is killed at random moments while its outbox is full, and started again. */
export async function relayKilled(ground: Ground, { times }: { times: number }): Promise<Row> {
  const [probe, ...people] = await newPeople(ground, 17);
  if (probe === undefined) throw new Error("nobody signed up");
  const { api, sql } = ground;
  const before = await ground.recordsOnLog();
  const writing = startWriting({ people, at: () => api.url });
  let recovered_ms = 0;
  for (let round = 0; round < times; round += 1) {
    const enough = writing.count() + 40 + Math.floor(Math.random() * 200);
    await waitFor(() => writing.count() >= enough, { what: "writes", deadlineMs: 20_000, everyMs: 1 });
    api.program.kill("SIGKILL");
    await api.program.ended();
    await api.startProgram();
    if (round % 10 === 0) recovered_ms = Math.max(recovered_ms, await untilFlowing(ground, probe));
  }
  const written = await writing.stop();
  const counted = await count(ground, written);
  const workspaces = [...written.acknowledged.keys(), probe.workspace_id];
  const [facts] = await sql<{ facts: number }[]>`
    select count(*)::int as facts from audit.entry where workspace_id = any(${workspaces})`;
  const repeated = (await ground.recordsOnLog()) - before - (facts?.facts ?? 0);
  return {
    fault: "relay killed in mid-batch (`kill -9` of the api)",
    engine: ground.engine,
    times,
    ...counted,
    recovered_ms,
    further: `${repeated} events were published and not yet forgotten when it died: they came twice`,
    // Otherwise it was never in mid-batch.
    kept: repeated > 0,
  };
}
