import { join } from "node:path";
import { dapr } from "./tools/dapr.ts";
import { k6 } from "./tools/k6.ts";
import { kafka } from "./tools/kafka.ts";
import { createToolCache } from "./tools/tool_cache.ts";

const cache = createToolCache(join(import.meta.dir, "../.rondo/tools"), [k6, kafka, dapr]);

/** The path of `k6`, `daprd`, `scheduler`, `sentry` or `kafka` (a folder of jars), or undefined when `npm run tools` has not made it on this machine. */
export const toolPath = (name: string): string | undefined => cache.path(name);

/** Makes what is missing of the tools with these names, or of all. @returns a line for each that could not be made, saying why */
export const makeTools = cache.make;

if (import.meta.main) {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  try {
    const problems = await makeTools(process.argv.slice(2), say);
    problems.forEach(say);
    process.exitCode = problems.length === 0 ? 0 : 1;
  } catch (error) {
    say(`tools: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
