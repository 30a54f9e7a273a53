import { join } from "node:path";
import { builtExecutables } from "@rondo/scripts/executables";
import { replaceMeasured } from "../markdown.ts";
import { type Fault, faults } from "./all.ts";
import { type Ground, openDapr, openLocal } from "./ground.ts";
import { faultTable, isKept, type Row } from "./row.ts";

/**
 * `npm run faults`: injects every fault into the compiled services, on each engine, and counts. Prints the table and writes it into
 * `.github/docs/faults.md`; ends with 1 when something promised was not kept. Names of faults, or `local` and `dapr`, run only those, and change only their lines.
 */
const say = (text: string) => process.stdout.write(`${text}\n`);
const document = join(import.meta.dir, "../../.github/docs/faults.md");
const engines = { local: openLocal, dapr: openDapr } as const;

const asked = process.argv.slice(2);
const known = [...Object.keys(engines), ...faults.map(({ name }) => name)];
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  say(`There is no ${unknown.join(", ")}; there is ${known.join(", ")}.`);
  process.exit(2);
}
const askedEngines = Object.keys(engines).filter((name) => asked.includes(name));
const askedFaults = faults.filter(({ name }) => asked.includes(name));
const chosen = askedFaults.length > 0 ? askedFaults : faults;

say("Building the executables …");
const folder = await builtExecutables(["api", "audit", "web", "sync", "ops"]);

const rows: Row[] = [];
let broken = 0;
for (const [engine, open] of Object.entries(engines)) {
  if (askedEngines.length > 0 && !askedEngines.includes(engine)) continue;
  for (const fault of chosen) await runOn(fault, open);
}
say(`\n${faultTable(rows)}`);
// A run of some of it leaves the other lines as they are.
replaceMeasured(document, "faults", (older) => faultTable(rows, asked.length === 0 ? "" : older));
process.exit(broken === 0 && rows.every(isKept) ? 0 : 1);

/** Each on a ground of its own: none inherits what another one broke. */
async function runOn(fault: Fault, open: (folder: string) => Promise<Ground>): Promise<void> {
  if ("onDapr" in fault && open !== openDapr) return;
  await using ground = await open(folder);
  const begun = performance.now();
  try {
    const row = await ("run" in fault ? fault.run(ground) : onDapr(fault, ground));
    rows.push(row);
    say(
      `${ground.engine} ${fault.name}: ${((performance.now() - begun) / 1_000).toFixed(0)} s\n${faultTable([row])}\n`,
    );
  } catch (error) {
    broken += 1;
    const cause = error instanceof Error && error.cause !== undefined ? ` (${error.cause})` : "";
    say(
      `${ground.engine} ${fault.name} BROKE: ${error}${cause}\n${ground.api.program.output()}${ground.audit.program.output()}\n`,
    );
  }
}

async function onDapr(fault: Extract<Fault, { onDapr: unknown }>, ground: Ground): Promise<Row> {
  if (ground.engine === "local") throw new Error(`${fault.name} needs Dapr's engine`);
  return await fault.onDapr(ground);
}
