/** All of Rondo as its executables behind one address, as browsers have it: `import { startClusterSite } from "@rondo/testing/site"`. */
import { freePort, manifestOf, startFront } from "@rondo/scripts/engine";
import { type Cluster, type Member, type ServiceName, services as serviceNames, startCluster } from "./cluster.ts";

export interface ClusterSite extends AsyncDisposable {
  readonly url: string;
  readonly cluster: Cluster;
  readonly members: Readonly<Record<ServiceName, Member>>;
}

/**
 * One of each service beside its sidecar, and in front of them what an ingress is in Kubernetes.
 * @param executables the folder of what was built
 * @param traces the base URL of an OTLP/HTTP collector for services and sidecars
 */
export async function startClusterSite(
  executables: string,
  { traces }: { readonly traces?: string } = {},
): Promise<ClusterSite> {
  await using untilReturned = new AsyncDisposableStack();
  const port = freePort();
  const url = `http://localhost:${port}`;
  const env = { RONDO_ORIGIN: url, RONDO_TRUSTED_PROXIES: "127.0.0.1" };
  const cluster = untilReturned.use(await startCluster(executables, { env, traces }));
  const started = await Promise.all(serviceNames.map(async (name) => [name, await cluster.start(name)] as const));
  const routes = Object.fromEntries(started.map(([name, member]) => [manifestOf(name).prefix, member.url]));
  const front = startFront({ port, routes });
  untilReturned.defer(front.stop);
  const everything = untilReturned.move();
  return {
    url,
    cluster,
    members: Object.fromEntries(started) as Record<ServiceName, Member>,
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
