import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Below the range from which the system takes the ports of outgoing connections: there, a client that tries again and again
 * to reach a broker that is away may get the broker's own port, and even connect to itself.
 */
const lowest = 16_384;
const highest = 32_767;

const given = new Set<number>();

/** A port of 127.0.0.1 that is free now, and that this process has not given away before. */
export function freePort(): number {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (!given.has(port) && isFree(port)) {
      given.add(port);
      return port;
    }
  }
  throw new Error(`No port of 127.0.0.1 between ${lowest} and ${highest} is free.`);
}

/** Whether a server could listen on this port of 127.0.0.1 now. */
export function isFree(port: number): boolean {
  try {
    Bun.listen({ hostname: "127.0.0.1", port, socket: { data: () => undefined } }).stop(true);
    return true;
  } catch {
    return false;
  }
}

/**
 * A port for each name, the same as at the last start in this folder as far as they are free: others may still remember
 * them. A port that is asked for is taken as it is.
 */
export function portsIn<Name extends string>(
  folder: string,
  names: readonly Name[],
  asked: Partial<Record<Name, number | undefined>> = {},
): Record<Name, number> {
  const file = join(folder, "ports.json");
  const before: Partial<Record<string, number>> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const choose = (name: Name): number => {
    const port = asked[name];
    if (port !== undefined) return port;
    const former = before[name];
    return former !== undefined && isFree(former) ? former : freePort();
  };
  const ports = Object.fromEntries(names.map((name) => [name, choose(name)])) as Record<Name, number>;
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}
