import { join } from "node:path";
import { startEmbedded } from "@rondo/embedded_postgres";
import { type Kafka, startKafka } from "@rondo/scripts/engine";
import { createTestDatabase, withDatabase } from "./database.ts";
import { testKafka } from "./kafka.ts";
import { temporaryFolder, testServer } from "./server.ts";

/** A part that can be ended, and started again in the same folder and on the same ports. */
export interface Restartable<Part> {
  /** The one that runs, or ran last. */
  readonly current: Part;
  start(): Promise<void>;
}

/** Something that is started now, and whenever it is asked for. */
export async function restartable<Part>(open: () => Promise<Part>): Promise<Restartable<Part>> {
  let current = await open();
  return {
    get current() {
      return current;
    },
    async start() {
      current = await open();
    },
  };
}

export interface ClusterDatabase extends AsyncDisposable {
  /** As the program connects. */
  readonly url: string;
  /** The same database as a superuser. */
  readonly adminUrl: string;
  /** Of the server; another one after it had to be started again, which it is whenever it ends. */
  readonly pid: number;
}

/** On a server that commits for good, as a deployment's does. */
export async function ownDatabase(): Promise<ClusterDatabase> {
  const settings = { max_connections: "200", dynamic_shared_memory_type: "mmap" };
  const server = await startEmbedded({ dataDir: temporaryFolder("server"), settings });
  return {
    url: server.url,
    adminUrl: withDatabase(server.adminUrl, "rondo"),
    get pid() {
      return server.pid;
    },
    [Symbol.asyncDispose]: server.stop,
  };
}

export async function sharedDatabase(): Promise<ClusterDatabase> {
  const [{ url, adminUrl, close }, { pid }] = [await createTestDatabase(), await testServer()];
  return { url, adminUrl, pid, [Symbol.asyncDispose]: close };
}

/** Whoever makes topics first need not exist: they are made on first use. */
export async function ownKafka(): Promise<Restartable<Kafka> & AsyncDisposable> {
  const folder = join(temporaryFolder("own-kafka"), "kafka");
  const settings = { "auto.create.topics.enable": "true" };
  const kafka = await restartable(() => startKafka({ folder, settings }));
  return disposable(kafka, () => kafka.current.stop());
}

export async function sharedKafka(): Promise<Restartable<Kafka> & AsyncDisposable> {
  return disposable(await restartable(testKafka), async () => undefined);
}

function disposable<Part>(part: Restartable<Part>, dispose: () => Promise<void>): Restartable<Part> & AsyncDisposable {
  return {
    get current() {
      return part.current;
    },
    start: part.start,
    [Symbol.asyncDispose]: dispose,
  };
}
