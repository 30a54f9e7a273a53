import { run } from "./bootstrap.mjs";

const steps = {
  "format and lint": [
    "node_modules/@biomejs/biome/bin/biome",
    "ci",
    "--error-on-warnings",
    ...(process.stdout.isTTY ? [] : ["--colors=off"]),
    ".",
  ],
  "dead exports, files and dependencies": ["node_modules/knip/bin/knip.js", "--no-progress", "--no-config-hints"],
  types: ["node_modules/typescript/bin/tsc", "--noEmit"],
  "imports, lock file and regular expressions": [
    "test",
    "--only-failures",
    "--timeout=120000",
    "scripts/imports.test.ts",
    "scripts/repository.test.ts",
    "scripts/expressions.test.ts",
  ],
};

/** Runs every step, also after one that failed. @returns the exit code; throws an Error that names the failed steps */
export async function check({ bun, env }) {
  const failed = [];
  for (const [name, args] of Object.entries(steps)) {
    const start = Date.now();
    const code = await run(bun, args, { env });
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? "ok    " : "FAILED"}  ${name} (${seconds} s)\n`);
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) throw new Error(`npm run check failed: ${failed.join(", ")}`);
  return 0;
}
