import { isIP } from "node:net";

/** An IP address, or a block of them: the addresses that share its first `prefix` bits (RFC 4632 section 3.1, RFC 4291 section 2.3). */
export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: "ipv4" | "ipv6";
}

/** Reads `192.0.2.7`, `10.0.0.0/8`, `::1` or `fd00::/8`; undefined when it is none of them. A single address has all bits as its prefix. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = "", bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits);
  if (version === 0 || prefix > longest) return undefined;
  return { address, prefix, family: version === 4 ? "ipv4" : "ipv6" };
}
