import { run } from "./run.ts";
import type { Need, Progress } from "./tool.ts";

export const go: Need = { program: "go", get: "apt-get install golang" };

/** Runs `go <args>`, telling how many packages are compiled; the arguments must have `-v`. Go fetches a newer Go where the module asks for one. */
export async function runGo(
  args: readonly string[],
  progress: Progress,
  { cwd, env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  let fetched = 0;
  let compiled = 0;
  await run(["go", ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false", GOTOOLCHAIN: "auto", ...env },
    onLine: (line) => {
      if (line.startsWith("go: downloading ")) fetched += 1;
      else if (!line.startsWith("go: ")) compiled += 1;
      progress(`${fetched} modules fetched, ${compiled} packages compiled`);
    },
  });
}
