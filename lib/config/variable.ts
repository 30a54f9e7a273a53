import { parseNetwork } from "./network.ts";

/** One environment variable: what it is for, and how its text becomes a value. */
export interface Variable<T> {
  readonly name: string;
  /** One sentence for `--help` and the table in the docs. */
  readonly description: string;
  /** A value that is right, shown when one is wrong. */
  readonly example: string;
  /** The text that stands in when the variable is absent or empty. */
  readonly default?: string;
  /** Without a default an absent variable is an error, unless it is optional: then it is `undefined`. */
  readonly optional?: boolean;
  /** The value of a secret is never printed. */
  readonly secret?: boolean;
  /** It means something under this engine only (`RONDO_ENGINE`); under another it is `undefined`, set or not. */
  readonly engine?: "local" | "dapr";
  /** @throws Error saying what the value must be ("must be …"). */
  parse(raw: string): T;
}

/** What is said of a variable, whatever its type. */
export type Describe = Omit<Variable<unknown>, "parse" | "optional" | "engine">;

/** Any text of at least `min` characters (1 unless told). */
export function text({ min = 1, ...about }: Describe & { min?: number }): Variable<string> {
  return variable(about, (raw) => {
    if (raw.length < min) throw new Error(`must have at least ${min} characters`);
    return raw;
  });
}

/** A whole number from `min` to `max`, both included. */
export function integer({ min, max, ...about }: Describe & { min: number; max: number }): Variable<number> {
  return variable(about, (raw) => {
    const value = /^-?\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
    if (!(value >= min && value <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
    return value;
  });
}

/** A TCP port; 0 asks the system for a free one. */
export function port(about: Describe): Variable<number> {
  return integer({ ...about, min: 0, max: 65_535 });
}

/** An absolute URL with one of the given schemes (`http` and `https` unless told), as it was written. */
export function url({
  schemes = ["http", "https"],
  ...about
}: Describe & { schemes?: readonly string[] }): Variable<string> {
  return variable(about, (raw) => {
    const scheme = URL.parse(raw)?.protocol.slice(0, -1);
    if (scheme === undefined || !schemes.includes(scheme))
      throw new Error(`must be a URL that starts with ${either(schemes.map((name) => `${name}://`))}`);
    return raw;
  });
}

/** Scheme, host and port of a web site, without a path: the text that a browser sends as `Origin` (RFC 6454 section 6.2). */
export function origin(about: Describe): Variable<string> {
  return variable(about, (raw) => {
    const parsed = URL.parse(raw);
    const bare = parsed !== null && parsed.pathname === "/" && parsed.search + parsed.hash + parsed.username === "";
    if (!bare || !/^https?:$/.test(parsed.protocol))
      throw new Error("must be http:// or https://, a host and perhaps a port, and nothing behind");
    return parsed.origin;
  });
}

/** `true` or `false`. */
export function flag(about: Describe): Variable<boolean> {
  return variable(about, (raw) => {
    if (raw !== "true" && raw !== "false") throw new Error("must be true or false");
    return raw === "true";
  });
}

/** One of a few words. */
export function choice<const T extends string>(options: readonly T[], about: Describe): Variable<T> {
  return variable(about, (raw) => {
    const found = options.find((option) => option === raw);
    if (found === undefined) throw new Error(`must be ${either(options)}`);
    return found;
  });
}

/** IP addresses and CIDR blocks, separated by commas, as they were written. */
export function networks(about: Describe): Variable<readonly string[]> {
  return variable(about, (raw) => {
    const entries = raw.split(",").map((entry) => entry.trim());
    const wrong = entries.find((entry) => parseNetwork(entry) === undefined);
    if (wrong === undefined) return entries;
    const what =
      wrong === "" ? "there is nothing between two commas or at an end" : `${JSON.stringify(wrong)} is neither`;
    throw new Error(`must be IP addresses or blocks such as 10.0.0.0/8, separated by commas (${what})`);
  });
}

const millisecondsOf: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A span of time such as `250ms`, `15s`, `5m`, `1h` or `7d`; in milliseconds. */
export function duration(about: Describe): Variable<number> {
  return variable(about, (raw) => {
    const [, amount, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(raw) ?? [];
    const factor = millisecondsOf[unit ?? ""];
    if (amount === undefined || factor === undefined) throw new Error("must be a number and a unit: ms, s, m, h or d");
    return Number(amount) * factor;
  });
}

/** The same variable, `undefined` when absent. */
export function optional<T>(inner: Variable<T>): Variable<T | undefined> {
  return { ...inner, optional: true };
}

/** The same variable, for one engine only. */
export function under<T>(engine: "local" | "dapr", inner: Variable<T>): Variable<T | undefined> {
  return { ...inner, engine };
}

function variable<T>(about: Describe, parse: (raw: string) => T): Variable<T> {
  return { ...about, parse };
}

function either(options: readonly string[]): string {
  return options.length < 2 ? options.join("") : `${options.slice(0, -1).join(", ")} or ${options.at(-1)}`;
}
