import { join } from "node:path";
import { type Bus, createDaprBus, createLocalBus, type DeadLetter } from "@rondo/bus";
import { connect } from "@rondo/db";
import { createSidecar } from "@rondo/sidecar";
import { createMetrics } from "@rondo/telemetry";
import { type Person, signUp, spawnProgram } from "@rondo/testing";
import {
  type Cluster,
  type Instance,
  type Member,
  origin,
  type ServiceName,
  startCluster,
  tokens,
} from "@rondo/testing/cluster";
import { type LocalCluster, startLocalCluster } from "@rondo/testing/local_cluster";
import postgres, { type Sql } from "postgres";

/** What each fault stands on: Rondo as its executables, on a PostgreSQL (and Kafka) of its own. */
interface Common extends AsyncDisposable {
  /** Of the executables. */
  readonly folder: string;
  /** As a superuser. */
  readonly sql: Sql;
  /** Another replica of a service, with a sidecar of its own; a service for the first time. */
  another(name: ServiceName): Promise<Instance>;
  /** Publishes beside the services, as another program might. */
  readonly bus: Pick<Bus, "publish">;
  /** Puts something on `task-events` that no publisher of ours would. */
  inject(key: string, text: string): Promise<void>;
  /** Records on the log of `task-events`, repetitions included. */
  recordsOnLog(): Promise<number>;
  deadLetters(): Promise<readonly DeadLetter[]>;
  replay(id: string): Promise<void>;
}

export interface LocalGround extends Common {
  readonly engine: "local";
  readonly cluster: LocalCluster;
  readonly api: Instance;
  readonly audit: Instance;
}

export interface DaprGround extends Common {
  readonly engine: "dapr";
  readonly cluster: Cluster;
  readonly api: Member;
  readonly audit: Member;
}

export type Ground = LocalGround | DaprGround;

/** People of a fault, each with a workspace of their own, which is the key of their events, and an address of their own. */
export async function newPeople(ground: Ground, count: number): Promise<Person[]> {
  const address = () => `10.${crypto.getRandomValues(new Uint8Array(3)).join(".")}`;
  const people: Person[] = [];
  while (people.length < count) {
    const some = Array.from({ length: Math.min(signUpsAtOnce, count - people.length) }, (_, index) =>
      signUp(ground.api.url, `Person ${people.length + index}`, origin, address()),
    );
    people.push(...(await Promise.all(some)));
  }
  return people;
}

/** Hashing a password takes a processor 50 ms or more: on a slow machine many at once meet the deadline of their database pool. */
const signUpsAtOnce = 4;

/** Everybody of a replica: with a sidecar, both are gone at once, as when a machine fails. */
export async function killReplica(replica: Instance): Promise<void> {
  replica.program.kill("SIGKILL");
  await Promise.all([replica.program.ended(), isMember(replica) ? replica.sidecar.kill() : undefined]);
}

/** Of a program that has ended; some have ended theirs before themselves. */
export async function stopSidecar(replica: Instance): Promise<void> {
  if (isMember(replica)) await replica.sidecar.stop();
}

export async function startReplica(replica: Instance): Promise<void> {
  if (isMember(replica)) await replica.startSidecar();
  await replica.startProgram();
}

const isMember = (replica: Instance): replica is Member => "sidecar" in replica;

/** @param folder of the executables of api and audit */
export async function openLocal(folder: string): Promise<LocalGround> {
  await using untilReturned = new AsyncDisposableStack();
  const cluster = untilReturned.use(await startLocalCluster(folder, { own: true }));
  const api = await cluster.start("api");
  const audit = await cluster.start("audit");
  const sql = untilReturned.adopt(superuser(cluster.database.adminUrl), (pool) => pool.end());
  const db = connect({ url: cluster.database.url, name: "faults", max: 2 });
  untilReturned.defer(db.close);
  const bus = createLocalBus({ db, metrics: createMetrics() });
  const everything = untilReturned.move();
  return {
    engine: "local",
    folder,
    cluster,
    api,
    audit,
    sql,
    another: cluster.start,
    bus,
    deadLetters: () => bus.deadLetters({ limit: 1_000 }),
    replay: async (id) => void (await bus.replay([id])),
    async recordsOnLog() {
      const [row] = await sql<{ records: number }[]>`
        select coalesce(sum(head), 0)::int as records from bus.head where topic = 'task-events'`;
      return row?.records ?? 0;
    },
    async inject(key, text) {
      await sql`
        with place as (
          insert into bus.head (topic, partition, head) values ('task-events', 0, 1)
          on conflict (topic, partition) do update set head = bus.head.head + 1 returning head
        )
        insert into bus.event (topic, partition, id, key, event) select 'task-events', 0, head, ${key}, ${text}::text::json from place`;
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

/** @param folder of the executables of all services */
export async function openDapr(folder: string): Promise<DaprGround> {
  await using untilReturned = new AsyncDisposableStack();
  const cluster = untilReturned.use(await startCluster(folder, { own: true }));
  const api = await cluster.start("api");
  const audit = await cluster.start("audit");
  const sql = untilReturned.adopt(superuser(cluster.database.adminUrl), (pool) => pool.end());
  const sidecar = createSidecar({ url: api.sidecar.url, token: tokens.dapr });
  const ops = async <T>(...command: readonly string[]): Promise<T> => {
    const { brokers } = cluster.kafka.current;
    await using program = spawnProgram([join(folder, "ops"), ...command, "--json", `--brokers=${brokers}`]);
    await program.ended(30_000);
    return JSON.parse(program.stdout()) as T;
  };
  const everything = untilReturned.move();
  return {
    engine: "dapr",
    folder,
    cluster,
    api,
    audit,
    sql,
    another: (name) => cluster.start(name, "sidecar", `${name}-${crypto.randomUUID().slice(0, 8)}`),
    bus: createDaprBus({ sidecar, metrics: createMetrics() }),
    deadLetters: async () => (await ops<{ letters: DeadLetter[] }>("dead", "list", "--limit=1000")).letters,
    replay: async (id) => void (await ops("dead", "replay", id, "--yes")),
    async recordsOnLog() {
      const { partitions } = await ops<Lag>("lag", "--group=audit", "--topic=task-events");
      return partitions.reduce((sum, { end }) => sum + Number(end), 0);
    },
    async inject(key, text) {
      const query = new URLSearchParams({ "metadata.rawPayload": "true", "metadata.partitionKey": key });
      const request = { method: "POST", headers: { "content-type": "text/plain" }, body: text };
      const answer = await sidecar.request(`/v1.0/publish/events/task-events?${query}`, request);
      if (!answer.ok) throw new Error(`the sidecar refused: ${answer.status} ${await answer.text()}`);
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

interface Lag {
  readonly partitions: readonly { readonly end: number | string }[];
}

function superuser(url: string): Sql {
  return postgres(url, { max: 3, onnotice: () => undefined, backoff: () => 0.1 });
}
