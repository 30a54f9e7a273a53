/** The same executables without sidecars, PostgreSQL carrying the events: `import { startLocalCluster } from "@rondo/testing/local_cluster"`. */
import { join } from "node:path";
import type { ServiceName } from "@rondo/scripts/engine";
import { type Instance, instanceAt, newPlace, readBy, requestsPerMinute } from "./instance.ts";
import { type ClusterDatabase, ownDatabase, sharedDatabase } from "./parts.ts";

export interface LocalCluster extends AsyncDisposable {
  readonly database: ClusterDatabase;
  /** Starts a service, or another replica of it; resolves when it is ready. The others call the first api and the first audit. */
  start(name: ServiceName): Promise<Instance>;
}

/** @param executables the folder of what was built */
export async function startLocalCluster(executables: string, { own = false } = {}): Promise<LocalCluster> {
  const database = await (own ? ownDatabase() : sharedDatabase());
  const called = { api: newPlace(), audit: newPlace() };
  const known: Readonly<Record<string, string>> = {
    DATABASE_URL: database.url,
    RONDO_SERVICE_TOKEN: "what the services show each other, 32 or more",
    RONDO_AUTH_SECRET: "a secret of at least thirty-two characters",
    RONDO_TRUSTED_PROXIES: "127.0.0.1",
    RONDO_REQUESTS_PER_MINUTE: requestsPerMinute,
    RONDO_API_URL: `http://127.0.0.1:${called.api.port}`,
    RONDO_AUDIT_URL: `http://127.0.0.1:${called.audit.port}`,
  };
  const instances: Instance[] = [];
  const started = new Set<ServiceName>();
  return {
    database,
    async start(name) {
      const isFirst = !started.has(name);
      started.add(name);
      const place = isFirst && (name === "api" || name === "audit") ? called[name] : newPlace();
      const instance = instanceAt(place, join(executables, name), readBy(name, known));
      instances.push(instance);
      await instance.startProgram();
      return instance;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(instances.map((instance) => instance[Symbol.asyncDispose]()));
      await database[Symbol.asyncDispose]();
    },
  };
}
