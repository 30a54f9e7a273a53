import type { Instance, ServiceName } from "@rondo/testing/cluster";
import { startAsking } from "./asking.ts";
import { type Ground, newPeople, startReplica, stopSidecar } from "./ground.ts";
import { count } from "./ledger.ts";
import type { Row } from "./row.ts";
import { othersOf, startWriting } from "./writing.ts";

/** Each service has two replicas behind a balancer that asks `/readyz`; each in turn is told to end under load, and starts again. */
export async function drained(ground: Ground, { times }: { times: number }): Promise<Row> {
  const people = await newPeople(ground, 8);
  const [{ cookie, token } = { cookie: "", token: "" }] = people;
  await using stack = new AsyncDisposableStack();
  const pair = async (name: ServiceName, first?: Instance): Promise<Balancer> => {
    const replicas = [first ?? stack.use(await ground.another(name)), stack.use(await ground.another(name))];
    return stack.use(balance(replicas));
  };
  const api = await pair("api", ground.api);
  const audit = await pair("audit", ground.audit);
  const [web, sync] = [await pair("web"), await pair("sync")];
  const writing = startWriting({ people, at: api.pick, perSecond: 60 });
  const headers = { authorization: `Bearer ${token}` };
  const loads = [
    startAsking(() => fetch(`${api.pick()}/api/v1/tasks?limit=5`, { headers }), 30),
    startAsking(() => fetch(`${audit.pick()}/api/v1/audit?limit=5`, { headers }), 30),
    startAsking(() => fetch(`${web.pick()}/inbox`, { headers: { cookie } }), 15),
    startAsking(() => openStream(`${sync.pick()}/sync/events`, cookie), 15),
  ];
  for (let round = 0; round < times; round += 1) {
    for (const { replicas } of [api, audit, web, sync]) {
      for (const replica of replicas) {
        replica.program.kill("SIGTERM");
        await replica.program.expectExit(0);
        await stopSidecar(replica);
        await startReplica(replica);
      }
    }
  }
  const asked = await Promise.all(loads.map((load) => load.stop()));
  const written = await writing.stop();
  const counted = await count(ground, written);
  const [answered, failed] = [sum(asked.map((one) => one.answered)), sum(asked.map((one) => one.failed))];
  return {
    fault: "SIGTERM of each service under load (two replicas each)",
    engine: ground.engine,
    times: times * 8,
    ...counted,
    further: `${failed} of ${answered + failed} other requests failed (${asked.map((one) => one.failed).join(", ")} of api, audit, web, sync)${othersOf(written)}`,
    kept: counted.refused === 0 && failed === 0,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** A stream that was opened has been answered. */
async function openStream(url: string, cookie: string): Promise<Response> {
  const answer = await fetch(url, { headers: { cookie } });
  await answer.body?.cancel();
  return new Response(null, { status: answer.status });
}

interface Balancer extends AsyncDisposable {
  readonly replicas: readonly Instance[];
  /** The address of one that is ready, each in turn. */
  readonly pick: () => string;
}

const lookEveryMs = 20;

function balance(replicas: readonly Instance[]): Balancer {
  const ready = new Set(replicas);
  let turn = 0;
  let over = false;
  const look = async (replica: Instance): Promise<void> => {
    while (!over) {
      const answer = await fetch(`${replica.admin}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(
        () => undefined,
      );
      if (answer?.ok) ready.add(replica);
      else ready.delete(replica);
      await Bun.sleep(lookEveryMs);
    }
  };
  const looking = Promise.all(replicas.map(look));
  return {
    replicas,
    pick() {
      const those = ready.size > 0 ? [...ready] : replicas;
      turn += 1;
      return those[turn % those.length]?.url ?? "";
    },
    async [Symbol.asyncDispose]() {
      over = true;
      await looking;
    },
  };
}
