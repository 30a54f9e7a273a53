import { BlockList, isIP } from "node:net";
import { parseNetwork } from "@rondo/config";
import type { Context } from "hono";
import { type AppEnv, serverOf } from "./env.ts";

/** Headers by which proxies say for whom they speak. Anybody can send them, so they count only from a proxy that we know. */
const forwardingHeaders = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
] as const;

/** What stands for the address of a call that came over no socket. */
export const inProcessAddress = "in-process";

export interface Proxies {
  trusts(address: string): boolean;
}

/**
 * @param entries addresses or CIDR blocks, such as `10.0.0.0/8` or `::1`
 * @throws Error for an entry that is neither
 */
export function knownProxies(entries: readonly string[]): Proxies {
  const list = new BlockList();
  for (const entry of entries) {
    const network = parseNetwork(entry);
    if (!network) throw new Error(`"${entry}" is neither an IP address nor a block such as 10.0.0.0/8`);
    list.addSubnet(network.address, network.prefix, network.family);
  }
  return {
    trusts: (address) => entries.length > 0 && list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"),
  };
}

/** The address at the other end of the socket; `in-process` when a service of this process calls. */
function peerAddress(c: Context<AppEnv>): string {
  const server = serverOf(c);
  if (!server) return inProcessAddress;
  return plainAddress(server.requestIP(c.req.raw)?.address ?? "unknown");
}

function isTrusted(address: string, proxies: Proxies): boolean {
  return address === inProcessAddress || proxies.trusts(address);
}

/** IPv4 in IPv6 clothes (RFC 4291 section 2.5.5.2) is IPv4, with or without a port behind it. */
function plainAddress(text: string): string {
  const bare = text.trim().replace(/^\[([^\]]+)\](?::\d+)?$/, "$1");
  const withoutPort = /^[\d.]+:\d+$/.test(bare) ? bare.slice(0, bare.indexOf(":")) : bare;
  return /^::ffff:[\d.]+$/i.test(withoutPort) ? withoutPort.slice(7) : withoutPort;
}

/** Removes forwarding headers unless a known proxy, or a service in this process, sent them. */
export function stripForwardingHeaders(c: Context<AppEnv>, proxies: Proxies): void {
  if (c.get("through_sidecar") !== undefined) return;
  const { headers } = c.req.raw;
  let trusted: boolean | undefined;
  for (const name of forwardingHeaders) {
    if (!headers.has(name)) continue;
    trusted ??= isTrusted(peerAddress(c), proxies);
    if (trusted) return;
    headers.delete(name);
  }
}

/** Whether what the caller says about the request itself (its id) may be believed. */
export function isTrustedCaller(c: Context<AppEnv>, proxies: Proxies): boolean {
  return c.get("through_sidecar") !== undefined || isTrusted(peerAddress(c), proxies);
}

/**
 * The address of the client: for a call through our sidecar the one that `sidecarCallReader` found; else the socket's, or, behind known proxies, the last entry of `X-Forwarded-For` that no known proxy
 * wrote about another (each appends whom it heard, so entries further left are hearsay). `in-process` without a socket and header.
 */
export function clientAddress(c: Context<AppEnv>): string {
  const through = c.get("through_sidecar");
  if (through !== undefined) return through;
  const { proxies } = c.get("reading");
  let address = peerAddress(c);
  if (!isTrusted(address, proxies)) return address;
  const heard = c.req.raw.headers.get("x-forwarded-for")?.split(",") ?? [];
  for (const entry of heard.reverse()) {
    const named = plainAddress(entry);
    if (isIP(named) === 0) break;
    address = named;
    if (!proxies.trusts(named)) break;
  }
  return address;
}
