/** `node scripts/run.mjs <command> [arguments]`, on plain Node: what the scripts of package.json call. */
import { orExplain, prepare, run } from "./bootstrap.mjs";
import { check } from "./check.mjs";
import { test } from "./test.mjs";

/** A command that is one program of Bun: the arguments before the caller's own. */
const programs = {
  start: ["svc/standalone/main.ts"],
  dev: ["--watch", "--preload", "./scripts/watched.ts", "svc/standalone/main.ts"],
  engine: ["scripts/engine/run/main.ts"],
  ops: ["svc/ops/main.ts"],
  build: ["scripts/build_all.ts"],
  smoke: ["svc/standalone/testing/smoke.ts"],
  tools: ["scripts/tools.ts"],
  bench: ["loadtest/bench.ts"],
  faults: ["loadtest/faults/main.ts"],
};

/** Commands that run several programs, or read what one reports. */
const routines = { check, test };

const [name = "", ...args] = process.argv.slice(2);

await orExplain(async () => {
  const known = [...Object.keys(programs), ...Object.keys(routines)];
  if (!known.includes(name)) throw new Error(`there is no command "${name}"; there are ${known.join(", ")}`);
  const ready = await prepare();
  const routine = routines[name] ?? (() => run(ready.bun, [...programs[name], ...args], { env: ready.env }));
  process.exitCode = await routine(ready, args);
});
