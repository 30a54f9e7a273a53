import { freePort, manifestOf, startFront } from "@rondo/scripts/engine";
import { builtExecutables } from "@rondo/scripts/executables";
import { type EngineName, engine, type Person, signUp } from "@rondo/testing";
import {
  type Cluster,
  type Member,
  type ServiceName,
  services as serviceNames,
  startCluster,
} from "@rondo/testing/cluster";
import postgres, { type Sql } from "postgres";
import { inTurn, type Side, turnTable } from "./compare.ts";
import { measureOtherWindow } from "./dom.ts";
import { seedTasks } from "./floor_tables.ts";
import { measureFlow } from "./flow.ts";
import { residentMiB } from "./memory.ts";
import { bucketsOf, shareWithin } from "./prometheus.ts";
import { atLeast, atMost, type Goal, median, short, table } from "./report.ts";
import { runs } from "./runs.ts";

export interface EngineBench {
  /** To compare the api with. */
  readonly standalone: Side;
  readonly say: (text: string) => void;
}

const needed: readonly EngineName[] = ["daprd", "sentry", "scheduler", "kafka"];
const idleMs = 5_000;

/** The same services, each its executable beside its sidecar, on Kafka, with a PostgreSQL of their own. */
export async function measureEngine({ standalone, say }: EngineBench): Promise<readonly Goal[]> {
  for (const name of needed) {
    const found = engine(name);
    if (found.available) continue;
    say(`not measured: the services on Kafka, because ${found.reason}`);
    return [];
  }
  say("Building the services …");
  const executables = await builtExecutables([...serviceNames]);
  const port = freePort();
  const origin = `http://localhost:${port}`;
  await using cluster = await startCluster(executables, { own: true, env: { RONDO_ORIGIN: origin } });
  const members = await startInTurn(cluster);
  const routes = serviceNames.map((name) => [manifestOf(name).prefix, members[name].url]);
  const front = startFront({ port, routes: Object.fromEntries(routes) });
  const sql = postgres(cluster.database.adminUrl, { max: 2, onnotice: () => undefined });
  try {
    await Bun.sleep(idleMs);
    const goals = await whatTheyCost(members, say);
    const person = await signUp(origin, "Bench");
    await seedTasks(sql, "api", person, 10_000);
    const site = { person, sql, api: members.api, say };
    goals.push(...(await measureEvents(site)));
    goals.push(...(await measureOtherWindow(origin, 400, say)));
    goals.push(await measureCreates(site, standalone));
    return goals.map((goal) => ({ ...goal, what: `on Kafka · ${goal.what}` }));
  } finally {
    await sql.end();
    await front.stop();
  }
}

/** One after the other, so that each has the machine for itself. */
async function startInTurn(cluster: Cluster): Promise<Record<ServiceName, Member>> {
  const members: [ServiceName, Member][] = [];
  for (const name of serviceNames) members.push([name, await cluster.start(name)]);
  return Object.fromEntries(members) as Record<ServiceName, Member>;
}

async function whatTheyCost(members: Record<ServiceName, Member>, say: EngineBench["say"]): Promise<Goal[]> {
  const costs: { name: ServiceName; starts: readonly number[]; own: number; beside: number }[] = [];
  for (const name of serviceNames) {
    const { program, sidecar } = members[name];
    const [own, beside] = [residentMiB(program.pid), residentMiB(sidecar.pid)];
    costs.push({ name, own, beside, starts: await startAgain(members[name]) });
  }
  const rows = costs.map(({ name, starts, own, beside }) => [name, ...[median(starts), own, beside].map(short)]);
  const slowest = costs.toSorted((one, other) => median(other.starts) - median(one.starts))[0]?.starts ?? [];
  say(`\n${table(["idle", "ready ms", "RSS MiB", "its sidecar MiB"], rows)}\n`);
  return [
    ...costs.map(({ name, own }) => atMost(`${name}, idle`, [own], 80, " MiB")),
    atMost("slowest service, ready after its sidecar", slowest, 400, " ms"),
  ];
}

/** Milliseconds until it was ready, its sidecar being there; its tables are there, too. */
async function startAgain(member: Member): Promise<readonly number[]> {
  const starts: number[] = [];
  for (let run = 0; run < runs; run++) {
    member.program.kill("SIGKILL");
    await member.program.ended();
    const begun = performance.now();
    await member.startProgram();
    starts.push(performance.now() - begun);
  }
  return starts;
}

interface Site extends Pick<EngineBench, "say"> {
  readonly person: Person;
  readonly sql: Sql;
  readonly api: Member;
}

async function measureEvents({ person, sql, api, say }: Site): Promise<readonly Goal[]> {
  const shares: number[] = [];
  const delays = () => bucketsOf(api.admin, "rondo_outbox_delay_seconds");
  let before = await delays();
  const afterSteady = async (): Promise<void> => {
    const now = await delays();
    shares.push(shareWithin(0.05, before, now) * 100);
    before = now;
  };
  const flow = await measureFlow({ origin: api.url, person, sql, say, relay: api.program, wantedMs: 250, afterSteady });
  say(`committed → acknowledged by Kafka within 50 ms: ${median(shares).toFixed(1)} % of the events at 200/s`);
  return [atLeast("events acknowledged by Kafka within 50 ms at 200/s", shares, 95, " %"), ...flow];
}

/** Straight to the api, as the standalone is asked: publishing is not in the request's path. */
async function measureCreates({ person, sql, api, say }: Site, standalone: Side): Promise<Goal> {
  const onKafka: Side = { what: "api on Kafka", origin: api.url, schema: "api", pid: api.program.pid, person, sql };
  const { rows, perSecond, both } = await inTurn("create", standalone, onKafka);
  say(`\n${turnTable(rows)}\n`);
  return { ...atLeast("create: requests/s to the standalone's", perSecond, 0.7), further: both.perSecond };
}
