/** All of Rondo as its executables, each beside its sidecar or on PostgreSQL alone: `import { startCluster } from "@rondo/testing/cluster"`. */
import { join } from "node:path";
import {
  besideSidecar,
  type Kafka,
  manifestOf,
  type Resources,
  type SchedulerProcess,
  type ServiceName,
  type SidecarProcess,
  secretsOf,
  serviceNames,
  startAuthority,
  startScheduler,
  startSidecar,
  writeResources,
  writeStore,
} from "@rondo/scripts/engine";
import { type Instance, instanceAt, newPlace, readBy, requestsPerMinute } from "./instance.ts";
import {
  type ClusterDatabase,
  ownDatabase,
  ownKafka,
  type Restartable,
  restartable,
  sharedDatabase,
  sharedKafka,
} from "./parts.ts";
import { temporaryFolder } from "./server.ts";

export { type Instance, origin } from "./instance.ts";
export type { ClusterDatabase, Restartable } from "./parts.ts";

export type { ServiceName };
export { serviceNames as services };

export const tokens = { dapr: "shown-to-the-sidecars", app: "shown-to-the-apps" };
const authSecret = "a secret of at least thirty-two characters";

export interface ClusterOptions {
  /** A PostgreSQL of its own, and a Kafka of its own, to be killed; otherwise those that all tests of a process share. */
  readonly own?: boolean;
  /** For every service, over what it is told anyway. */
  readonly env?: Readonly<Record<string, string>>;
  /** The base URL of an OTLP/HTTP collector for services and sidecars. */
  readonly traces?: string | undefined;
}

/** One service and the sidecar beside it. */
export interface Member extends Instance {
  readonly sidecar: SidecarProcess;
  /** From the start of the program, its sidecar being there, until it was ready. */
  readonly ready_ms: number;
  startSidecar(): Promise<void>;
}

/** What all services share: PostgreSQL, Kafka, Dapr's scheduler and authority; nothing but the secret store knows the secrets. */
export interface Cluster extends AsyncDisposable {
  readonly database: ClusterDatabase;
  readonly kafka: Restartable<Kafka>;
  readonly scheduler: Restartable<SchedulerProcess>;
  /** Starts a service, its sidecar first unless told; resolves when it is ready. Replicas of one service have names of their own. */
  start(name: ServiceName, first?: "sidecar" | "program", replica?: string): Promise<Member>;
  /** A sidecar for an app of the test's own. */
  beside(appId: string, appPort: number): Promise<SidecarProcess>;
}

/** @param executables the folder of what was built */
export async function startCluster(executables: string, options: ClusterOptions = {}): Promise<Cluster> {
  const { own = false, traces } = options;
  const env = { ...options.env, ...(traces && { OTEL_EXPORTER_OTLP_ENDPOINT: traces }) };
  await using untilReturned = new AsyncDisposableStack();
  const folder = temporaryFolder("cluster");
  const [database, kafka] = await Promise.all(own ? [ownDatabase(), ownKafka()] : [sharedDatabase(), sharedKafka()]);
  untilReturned.use(database);
  untilReturned.use(kafka);
  const authority = untilReturned.use(await startAuthority({ folder: join(folder, "authority") }));
  const scheduler = await restartable(() => startScheduler({ folder: join(folder, "scheduler"), authority }));
  untilReturned.defer(() => scheduler.current.stop());
  const values = { DATABASE_URL: database.url, RONDO_AUTH_SECRET: authSecret };
  const shared = {
    brokers: kafka.current.brokers,
    scheduler: scheduler.current.address,
    authority,
    resources: writeResources(folder),
    traces,
  };
  const members: AsyncDisposable[] = [];
  untilReturned.defer(async () => void (await Promise.all(members.map((member) => member[Symbol.asyncDispose]()))));
  const everything = untilReturned.move();
  return {
    database,
    kafka,
    scheduler,
    async start(name, first = "sidecar", replica = name) {
      const needed = secretsOf(manifestOf(name));
      const own = Object.fromEntries(Object.entries(values).filter(([variable]) => needed.includes(variable)));
      const secrets = writeStore(join(folder, "secrets"), name, own);
      const member = await startMember({ name, first, replica, executables, folder, secrets, shared, env });
      members.push(member);
      return member;
    },
    beside: (appId, appPort) => startSidecar({ ...shared, appId, appPort, tokens, folder: join(folder, appId) }),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

interface MemberOptions {
  readonly name: ServiceName;
  readonly first: "sidecar" | "program";
  readonly replica: string;
  readonly executables: string;
  readonly folder: string;
  readonly secrets: string;
  readonly env: Readonly<Record<string, string>>;
  readonly shared: Omit<Parameters<typeof startSidecar>[0], "appId" | "appPort" | "folder"> & { resources: Resources };
}

async function startMember(options: MemberOptions): Promise<Member> {
  const { name, first, replica, executables, folder, secrets, shared } = options;
  const place = newPlace();
  const httpPort = newPlace().port;
  const env = {
    ...besideSidecar(`http://127.0.0.1:${httpPort}`, tokens),
    ...readBy(name, { RONDO_TRUSTED_PROXIES: "127.0.0.1", RONDO_REQUESTS_PER_MINUTE: requestsPerMinute }),
    ...options.env,
  };
  const instance = instanceAt(place, join(executables, name), env);
  if (first === "program") instance.spawn();
  const beside = { appId: name, podName: replica, appPort: place.port, tokens, secrets, httpPort };
  const sidecar = await restartable(() => startSidecar({ ...shared, ...beside, folder: join(folder, replica) }));
  const begun = performance.now();
  if (first === "sidecar") instance.spawn();
  await instance.ready();
  const ready_ms = performance.now() - begun;
  return {
    ...instance,
    get program() {
      return instance.program;
    },
    get sidecar() {
      return sidecar.current;
    },
    ready_ms,
    startProgram: () => instance.startProgram(),
    startSidecar: sidecar.start,
    async [Symbol.asyncDispose]() {
      await instance[Symbol.asyncDispose]();
      await sidecar.current.stop();
    },
  };
}
