import type { Bus } from "@rondo/bus";
import type { Transport } from "@rondo/client";
import type { Call, Consumption, Manifest } from "./manifest.ts";

/**
 * The bus as one service may use it. A topic that its manifest does not name has no subscription file under Dapr, so its events would
 * never arrive there: better to fail at every start than in a cluster only.
 */
export function checkedBus(bus: Bus, { name, consumes }: Manifest): Bus {
  const check = (topic: string, delivery: Consumption["delivery"]): void => {
    if (!consumes.some((one) => one.topic === topic && one.delivery === delivery))
      throw new Error(`${name} consumes ${topic} (${delivery}), which its manifest does not name`);
  };
  return {
    // Everything else as it is; a relay also passes on topics of a newer version.
    ...bus,
    subscribe(subscription) {
      check(subscription.topic, "group");
      bus.subscribe(subscription);
    },
    broadcast(broadcast) {
      check(broadcast.topic, "broadcast");
      bus.broadcast(broadcast);
    },
  };
}

/** Calls as one service may make them, the same on both engines: under Dapr the access policy refuses the others. */
export function checkedTransport(transport: Transport, { name, calls }: Manifest): Transport {
  return async (service, request) => {
    const { pathname } = new URL(request.url);
    if (!calls[service]?.some((call) => allows(call, request.method, pathname)))
      throw new Error(`${name} calls ${request.method} ${pathname} of ${service}, which its manifest does not name`);
    return await transport(service, request);
  };
}

function allows({ method, path }: Call, asked: string, pathname: string): boolean {
  if (method !== "*" && method !== asked) return false;
  return path.endsWith("/**") ? pathname.startsWith(path.slice(0, -2)) : pathname === path;
}
