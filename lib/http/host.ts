import type { Context } from "hono";
import { isTrustedCaller, type Proxies } from "./client_address.ts";
import type { AppEnv } from "./env.ts";
import { isInternalCall } from "./internal_call.ts";

const defaultPorts: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** Whether the request says, once and legibly, which host it is for: RFC 9112 section 3.2 asks for 400 otherwise. Without it Bun knows no URL. */
export function hasValidHost(request: Request): boolean {
  const host = request.headers.get("host");
  return host !== null && /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(host) && URL.canParse(`http://${host}`);
}

/** The values of `Host` by which browsers reach these origins, with and without a port that goes without saying. */
export function hostsOf(origins: Iterable<string>): ReadonlySet<string> {
  const hosts = [...origins].flatMap((origin) => {
    const { protocol, hostname, port, host } = new URL(origin);
    return [host, `${hostname}:${port || defaultPorts[protocol]}`];
  });
  return new Set(hosts);
}

/**
 * Takes the cookies from a request that came under a name that is not ours: a site can point its own name at our address
 * (DNS rebinding), and its pages then count as ours to the browser. Our own services and known proxies may use any name.
 */
export function dropCookiesOfOtherHosts(c: Context<AppEnv>, hosts: ReadonlySet<string>, proxies: Proxies): void {
  const { headers } = c.req.raw;
  if (!headers.has("cookie") || hosts.has(headers.get("host")?.toLowerCase() ?? "")) return;
  if (isInternalCall(c) || isTrustedCaller(c, proxies)) return;
  headers.delete("cookie");
}
