import { copyFileSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { choose } from "./build.ts";
import { builtExecutables } from "./executables.ts";
import { root } from "./repository.ts";

/** `npm run build [-- <name> …]`: the executables with these names, or all, in `dist/`. */
try {
  const seconds = new Map<string, number>();
  const chosen = choose(process.argv.slice(2)).map(({ name }) => name);
  const folder = await builtExecutables(chosen, (built) => seconds.set(built.name, built.seconds));
  mkdirSync(join(root, "dist"), { recursive: true });
  for (const name of chosen) {
    const path = join(root, "dist", name);
    // One that runs keeps its file.
    rmSync(path, { force: true });
    copyFileSync(join(folder, name), path);
    const size = (statSync(path).size / 1024 / 1024).toFixed(1).padStart(6);
    const took = seconds.get(name);
    const how = took === undefined ? "built before, from the same sources" : `${took.toFixed(1)} s`;
    process.stdout.write(`dist/${name.padEnd(12)} ${size} MiB  ${how}\n`);
  }
} catch (error) {
  process.stderr.write(`build: ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
