import { waitFor } from "@rondo/testing";
import type { Instance } from "@rondo/testing/cluster";
import { counterOf } from "../prometheus.ts";
import { type Ground, killReplica, newPeople, startReplica } from "./ground.ts";
import { count } from "./ledger.ts";
import { type Row, seconds } from "./row.ts";
import { startWriting } from "./writing.ts";

const takeoverWithinMs = 10_000;
/** Before each fault, at how many relays are at work. */
const looks = 3;

/** Two api processes on one outbox: one relay works; it is killed with its process (and sidecar), or frozen, and the other one takes over. */
export async function twoApis(ground: Ground, { times }: { times: number }): Promise<Row> {
  const people = await newPeople(ground, 8);
  const { api } = ground;
  await using another = await ground.another("api");
  const apis = [api, another];
  const alive = new Set<Instance>(apis);
  let turn = 0;
  const at = () => {
    const those = [...alive];
    turn += 1;
    return those[turn % those.length]?.url ?? api.url;
  };
  const writing = startWriting({ people, at, perSecond: 100 });
  const workspaces = people.map((person) => person.workspace_id);
  let takeover_ms = 0;
  let several = 0;
  for (let round = 0; round < times; round += 1) {
    const [dying = api] = await waitFor(async () => only(await relaysAtWork(apis)), {
      what: "one relay",
    });
    for (let look = 0; look < looks; look += 1) several += Number((await relaysAtWork(apis)).length > 1);
    alive.delete(dying);
    const begun = performance.now();
    const frozen = round % 2 === 1;
    if (frozen) dying.program.kill("SIGSTOP");
    else await killReplica(dying);
    const since = new Date();
    await waitFor(async () => (await writtenSince(ground, workspaces, since)) > 0, {
      what: "the other relay",
    });
    takeover_ms = Math.max(takeover_ms, performance.now() - begun);
    if (frozen) dying.program.kill("SIGCONT");
    else await startReplica(dying);
    alive.add(dying);
  }
  const counted = await count(ground, await writing.stop());
  return {
    fault: "two api processes, the one whose relay works killed or frozen",
    engine: ground.engine,
    times,
    ...counted,
    recovered_ms: takeover_ms,
    further: `one relay at work in ${times * looks - several} of ${times * looks} looks; the other one took over within ${seconds(takeover_ms)}`,
    kept: several === 0 && takeover_ms < takeoverWithinMs,
  };
}

/** Entries of tasks that were created after a moment. */
async function writtenSince({ sql }: Ground, workspaces: readonly string[], since: Date): Promise<number> {
  const [row] = await sql<{ entries: number }[]>`
    select count(*)::int as entries from audit.entry where workspace_id = any(${[...workspaces]}) and time > ${since}`;
  return row?.entries ?? 0;
}

/** One that wakes from its frost finishes what it had begun: it is not alone for a moment. */
const only = (working: readonly Instance[]) => (working.length === 1 ? working : undefined);

/** Those that took events from the outbox within half a second. */
async function relaysAtWork(apis: readonly Instance[]): Promise<readonly Instance[]> {
  const published = () => Promise.all(apis.map((api) => counterOf(api.admin, "rondo_outbox_published_total")));
  const before = await published();
  await Bun.sleep(500);
  const after = await published();
  return apis.filter((_, index) => (after[index] ?? 0) > (before[index] ?? 0));
}
