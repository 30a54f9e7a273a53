/**
 * What a million parked events cost the others: `bun loadtest/parked/main.ts [parked] [clean] [runs]`. Nothing parked, then over 1,000 keys, then over
 * one, in turn; medians, beside those of nothing parked.
 */
import { resolve } from "node:path";

interface Measured {
  readonly per_second: number;
  readonly rss_mib: number;
  readonly tried: number;
}

const [parked = 1_000_000, clean = 20_000, runs = 3] = process.argv.slice(2).map(Number);
const cases = [
  { name: "nothing parked", parked: 0, keys: 1 },
  { name: "over 1,000 keys", parked, keys: 1_000 },
  { name: "over one key", parked, keys: 1 },
];
const results = new Map(cases.map(({ name }) => [name, [] as Measured[]]));
for (let run = 0; run < runs; run += 1)
  for (const each of cases) {
    const measured = await measure(each.parked, each.keys);
    results.get(each.name)?.push(measured);
    process.stdout.write(`${each.name}: ${JSON.stringify(measured)}\n`);
  }
const base = medians("nothing parked");
for (const { name } of cases) {
  const { per_second, rss_mib } = medians(name);
  const share = Math.round((100 * per_second) / base.per_second);
  process.stdout.write(`${name}: ${per_second}/s (${share} %), ${rss_mib - base.rss_mib} MiB more\n`);
}

async function measure(count: number, keys: number): Promise<Measured> {
  const script = resolve(import.meta.dir, "measure.ts");
  const child = Bun.spawn([process.execPath, script, `${count}`, `${keys}`, `${clean}`], { stderr: "inherit" });
  const lines = (await new Response(child.stdout).text()).trim().split("\n");
  return JSON.parse(lines.at(-1) ?? "");
}

function medians(name: string): { per_second: number; rss_mib: number } {
  const all = results.get(name) ?? [];
  const median = (values: number[]) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
  return { per_second: median(all.map((one) => one.per_second)), rss_mib: median(all.map((one) => one.rss_mib)) };
}
