import { expect } from "bun:test";

const readme = new URL("../../../lib/telemetry/README.md", import.meta.url);

/** The columns of the table in the README of telemetry that says who exports what. */
type Engine = "on Kafka" | "on PostgreSQL";

/**
 * Fails unless each program exports exactly the metrics that the README of telemetry promises of it on this engine.
 * @param texts what each program answered to `/metrics`, by the name that it has there
 */
export async function expectExports(engine: Engine, texts: Readonly<Record<string, string>>): Promise<void> {
  const text = await Bun.file(readme).text();
  const [documented, rows] = [namesIn(text), exportsIn(text)];
  expect(documented.length).toBeGreaterThan(15);
  for (const [program, metrics] of Object.entries(texts)) {
    const families = rows.filter((row) => row[engine].includes(program)).flatMap((row) => row.families);
    const promised = documented.filter((name) => families.some((family) => matches(name, family)));
    const exported = [...metrics.matchAll(/^# TYPE (\w+) /gm)].map(([, name = ""]) => name);
    expect({ program, exported: exported.sort() }).toEqual({ program, exported: promised.sort() });
  }
}

/** Every metric that is described. */
function namesIn(text: string): string[] {
  const rows = text.matchAll(/^\| (`\w+`(?:, `\w+`)*) +\| (?:counter|gauge|histogram) /gm);
  return [...rows].flatMap(([, names = ""]) => listed(names));
}

interface Exports extends Readonly<Record<Engine, readonly string[]>> {
  /** Names, or their beginnings with a `*`. */
  readonly families: readonly string[];
}

function exportsIn(text: string): readonly Exports[] {
  const [, body = ""] = /\n\| exported +\| on Kafka +\| on PostgreSQL +\|\n\|[-| ]+\n((?:\|.*\n)+)/.exec(text) ?? [];
  return (
    body.match(/.+/g)?.map((row) => {
      const [families = [], kafka = [], postgresql = []] = row.split("|").slice(1, 4).map(listed);
      return { families, "on Kafka": kafka, "on PostgreSQL": postgresql };
    }) ?? []
  );
}

const listed = (cell: string): string[] =>
  cell
    .replaceAll("`", "")
    .split(",")
    .map((name) => name.trim());

function matches(name: string, family: string): boolean {
  return family.endsWith("*") ? name.startsWith(family.slice(0, -1)) : name === family;
}
