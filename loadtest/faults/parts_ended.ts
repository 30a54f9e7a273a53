import { waitFor } from "@rondo/testing";
import { startAsking } from "./asking.ts";
import { type DaprGround, type Ground, newPeople } from "./ground.ts";
import { count, untilFlowing } from "./ledger.ts";
import type { Row } from "./row.ts";
import { othersOf, startWriting } from "./writing.ts";

/** Each service loses its sidecar under load, and gets it back after `awayMs`. */
export async function sidecarsKilled(
  ground: DaprGround,
  { times, awayMs }: { times: number; awayMs: number },
): Promise<Row> {
  const [probe, ...people] = await newPeople(ground, 13);
  if (probe === undefined) throw new Error("nobody signed up");
  const { api, audit, cluster } = ground;
  await using web = await cluster.start("web");
  await using sync = await cluster.start("sync");
  const writing = startWriting({ people, at: () => api.url, perSecond: 100 });
  const pages = startAsking(() => fetch(`${web.url}/inbox`, { headers: { cookie: probe.cookie } }), 20);
  let recovered_ms = 0;
  for (let round = 0; round < times; round += 1) {
    for (const member of [api, audit, web, sync]) {
      await member.sidecar.kill();
      await Bun.sleep(awayMs);
      await member.startSidecar();
      recovered_ms = Math.max(recovered_ms, await untilFlowing(ground, probe));
      const shown = async () => (await fetch(`${web.url}/inbox`, { headers: { cookie: probe.cookie } })).ok;
      await waitFor(shown, { what: "the page" });
    }
  }
  const { answered, failed } = await pages.stop();
  const counted = await count(ground, await writing.stop());
  return {
    fault: "each sidecar killed (api, audit, web, sync)",
    engine: "dapr",
    times: times * 4,
    ...counted,
    recovered_ms,
    further: `${failed} of ${answered + failed} pages failed, while the sidecar of web or api was away`,
    kept: counted.refused === 0,
  };
}

/** PostgreSQL is restarted (fast shutdown) and killed in turn under writes. */
export async function postgresqlRestarted(ground: Ground, { times }: { times: number }): Promise<Row> {
  const [probe, ...people] = await newPeople(ground, 9);
  if (probe === undefined) throw new Error("nobody signed up");
  const { api, cluster } = ground;
  const writing = startWriting({ people, at: () => api.url, perSecond: 100 });
  let recovered_ms = 0;
  for (let round = 0; round < times; round += 1) {
    const enough = writing.count() + 50;
    await waitFor(() => writing.count() >= enough, { what: "writes" });
    const { pid } = cluster.database;
    process.kill(pid, round % 2 === 0 ? "SIGINT" : "SIGKILL");
    await waitFor(() => cluster.database.pid !== pid, { what: "another server" });
    recovered_ms = Math.max(recovered_ms, await untilFlowing(ground, probe));
    // Signing up has four connections of its own, and each has to notice.
    await waitFor(() => newPeople(ground, 8), { what: "sign-ups" });
  }
  const written = await writing.stop();
  const counted = await count(ground, written);
  return {
    fault: "PostgreSQL restarted, and killed",
    engine: ground.engine,
    times,
    ...counted,
    recovered_ms,
    further: `slowest answer ${Math.round(written.slowest_ms)} ms${othersOf(written)}`,
    kept: [...written.others.keys()].every((status) => status === 503),
  };
}
