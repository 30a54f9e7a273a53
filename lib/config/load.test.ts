import { describe, expect, test } from "bun:test";
import { engineGroup } from "./engine.ts";
import {
  accountGroup,
  callsGroup,
  databaseGroup,
  dataGroup,
  httpGroup,
  logGroup,
  originOf,
  traceGroup,
} from "./groups.ts";
import { ConfigError, loadConfig, type Spec } from "./load.ts";
import { choice, duration, flag, integer, networks, optional, origin, text, under, url } from "./variable.ts";

const about = { name: "RONDO_X", description: "An x.", example: "an example" };

function linesOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

describe("loadConfig", () => {
  test("a right environment becomes a typed, frozen object", () => {
    const config = loadConfig(httpGroup, { RONDO_PORT: "8080", PATH: "/bin" });
    expect(config).toEqual({ host: "127.0.0.1", port: 8080, origin: undefined, adminPort: 3001 });
    expect(Object.isFrozen(config)).toBe(true);
    const port: number = config.port;
    expect(originOf({ origin: config.origin, port })).toBe("http://localhost:8080");
  });

  test("a sign-up by invitation is refused with the reason, for there are no invitations yet", () => {
    const [line] = linesOf(() => loadConfig(accountGroup, { RONDO_SIGN_UP: "invited" }));
    expect(line).toContain("RONDO_SIGN_UP cannot be invited, for there are no invitations yet: must be open or closed");
    expect(loadConfig(accountGroup, { RONDO_SIGN_UP: "closed" })).toEqual({ signUp: "closed" });
    expect(loadConfig(accountGroup, {})).toEqual({ signUp: "open" });
  });

  test("every error is told at once, with the name, what was wrong and an example", () => {
    const env = { RONDO_PORT: "eighty", RONDO_ORIGIN: "example.org", RONDO_DATABASE_POOL: "0" };
    expect(linesOf(() => loadConfig({ ...httpGroup, ...databaseGroup }, env))).toEqual([
      'RONDO_PORT must be a whole number from 0 to 65535, and is "eighty"; for example RONDO_PORT=8080',
      'RONDO_ORIGIN must be http:// or https://, a host and perhaps a port, and nothing behind, and is "example.org"; for example RONDO_ORIGIN=https://tasks.example.org',
      "DATABASE_URL is missing; for example DATABASE_URL=postgres://rondo:password@localhost:5432/rondo",
      'RONDO_DATABASE_POOL must be a whole number from 1 to 500, and is "0"; for example RONDO_DATABASE_POOL=20',
    ]);
  });

  test("the value of a secret is not repeated", () => {
    const [line] = linesOf(() => loadConfig(databaseGroup, { DATABASE_URL: "mysql://me:hunter2@db" }));
    expect(line).toStartWith("DATABASE_URL must be a URL that starts with postgres:// or postgresql://;");
    expect(line).not.toContain("hunter2");
  });

  test("an unknown RONDO_ variable is an error that names the nearest one", () => {
    expect(linesOf(() => loadConfig(httpGroup, { RONDO_PROT: "1", RONDO_NOTHING_LIKE_IT: "1", OTHER: "1" }))).toEqual([
      "RONDO_PROT is not a variable of this program; did you mean RONDO_PORT?",
      "RONDO_NOTHING_LIKE_IT is not a variable of this program; --help lists them",
    ]);
  });

  test("a variable that another part of the process reads is known", () => {
    expect(linesOf(() => loadConfig(httpGroup, { RONDO_ENGINE: "local" }, { known: ["RONDO_ENGINE"] }))).toEqual([]);
  });

  test("an empty variable counts as absent", () => {
    expect(loadConfig(httpGroup, { RONDO_PORT: "", RONDO_ORIGIN: "" })).toMatchObject({
      port: 3000,
      origin: undefined,
    });
  });

  test("the shared groups have right examples and defaults", () => {
    const spec: Spec = {
      ...httpGroup,
      ...callsGroup,
      ...databaseGroup,
      ...logGroup,
      ...traceGroup,
      ...engineGroup,
      ...dataGroup,
    };
    const examples = Object.fromEntries(Object.values(spec).map((variable) => [variable.name, variable.example]));
    expect(linesOf(() => loadConfig(spec, examples))).toEqual([]);
    expect(linesOf(() => loadConfig(spec, { DATABASE_URL: examples.DATABASE_URL }))).toEqual([]);
  });
});

describe("what is for one engine", () => {
  const spec = {
    ...engineGroup,
    databaseUrl: under("local", databaseGroup.databaseUrl),
    name: text({ ...about, name: "NAME" }),
  };
  const tokens = { DAPR_API_TOKEN: "a", APP_API_TOKEN: "b" };

  test("is needed under that engine, and the line says so", () => {
    expect(linesOf(() => loadConfig(spec, { NAME: "n" }))).toEqual([
      "DATABASE_URL is missing: RONDO_ENGINE=local needs it; for example DATABASE_URL=postgres://rondo:password@localhost:5432/rondo",
    ]);
    expect(linesOf(() => loadConfig(spec, { NAME: "n", RONDO_ENGINE: "dapr" }))).toEqual([
      "DAPR_API_TOKEN is missing: RONDO_ENGINE=dapr needs it; for example DAPR_API_TOKEN=a-long-random-text",
      "APP_API_TOKEN is missing: RONDO_ENGINE=dapr needs it; for example APP_API_TOKEN=another-long-random-text",
    ]);
  });

  test("is undefined under the other, whatever is set", () => {
    const config = loadConfig(spec, { ...tokens, NAME: "n", RONDO_ENGINE: "dapr", DATABASE_URL: "nonsense" });
    expect(config).toMatchObject({ engine: "dapr", daprToken: "a", appToken: "b", databaseUrl: undefined });
    const local = loadConfig(spec, { ...tokens, NAME: "n", DATABASE_URL: "postgres://localhost/rondo" });
    expect(local).toMatchObject({ engine: "local", daprToken: undefined, appToken: undefined });
  });

  test("is not asked for when the engine is none", () => {
    const [line, ...more] = linesOf(() => loadConfig(spec, { NAME: "n", RONDO_ENGINE: "kafka" }));
    expect(line).toStartWith("RONDO_ENGINE must be local or dapr");
    expect(more).toEqual([]);
  });
});

describe("variables", () => {
  test("a whole number has no fraction, exponent, hexadecimal or space", () => {
    const { parse } = integer({ ...about, min: -5, max: 50 });
    expect(["-5", "0", "50"].map(parse)).toEqual([-5, 0, 50]);
    for (const wrong of ["-6", "51", "1.5", "1e1", "0x1", " 1", "", "ten"])
      expect(() => parse(wrong)).toThrow("whole number from -5 to 50");
  });

  test("an origin loses its trailing slash and takes no path, query, user or other scheme", () => {
    const { parse } = origin(about);
    expect(parse("https://Tasks.example.org:443/")).toBe("https://tasks.example.org");
    for (const wrong of ["https://a/b", "https://a?b", "https://u@a", "ftp://a", "a"])
      expect(() => parse(wrong)).toThrow("must be http://");
  });

  test("a span of time is a number and a unit", () => {
    const { parse } = duration(about);
    expect(["250ms", "15s", "5m", "1h", "7d"].map(parse)).toEqual([250, 15_000, 300_000, 3_600_000, 604_800_000]);
    for (const wrong of ["15", "s", "1.5s", "-1s", "1w"]) expect(() => parse(wrong)).toThrow("number and a unit");
  });

  test("networks are addresses and blocks, and the entry that is neither is named", () => {
    const { parse } = networks(about);
    expect(parse("10.0.0.0/8,fd00::/8 , 192.0.2.7, ::1")).toEqual(["10.0.0.0/8", "fd00::/8", "192.0.2.7", "::1"]);
    const wrongs = [
      "example.org",
      "10.0.0.0/33",
      "10.0.0.0/",
      "10.0.0.0/8/8",
      "::1/129",
      "10.0.0",
      "fe80::1%eth0",
      "::1/0x8",
    ];
    for (const wrong of wrongs) expect(() => parse(`::1,${wrong}`)).toThrow(`"${wrong}" is neither`);
    for (const gap of [",", "::1,", "::1,,::2"]) expect(() => parse(gap)).toThrow("nothing between two commas");
  });

  test("flag, choice, url and text refuse what they are not", () => {
    expect(flag(about).parse("true")).toBe(true);
    expect(() => flag(about).parse("yes")).toThrow("must be true or false");
    expect(() => choice(["a", "b", "c"], about).parse("d")).toThrow("must be a, b or c");
    expect(() => url(about).parse("nowhere")).toThrow("must be a URL that starts with http:// or https://");
    expect(() => text({ ...about, min: 32 }).parse("short")).toThrow("at least 32 characters");
    expect(loadConfig({ x: optional(text(about)) }, {})).toEqual({ x: undefined });
  });
});
