import { readFileSync } from "node:fs";
import { join } from "node:path";
import { go, runGo } from "./go.ts";
import type { Tool } from "./tool.ts";

const sources = join(import.meta.dir, "../dapr");

/**
 * Dapr's sidecar, its scheduler and its certificate authority, in one go: they share most of their packages. Without the authority no
 * sidecar knows which other one calls, and access control could only allow all or nobody.
 */
export const dapr: Tool = {
  name: "dapr",
  title: `daprd, scheduler and sentry ${version()}`,
  recipe: () => textsOf("go.mod", "go.sum", "cmd/**/*.go"),
  needs: [go],
  provides: { daprd: "daprd", scheduler: "scheduler", sentry: "sentry" },
  make: (folder, progress) => {
    const flags = `-s -w -X github.com/dapr/dapr/pkg/buildinfo.version=${version()}`;
    const output = ["-o", `${folder}/`, "./cmd/daprd", "./cmd/scheduler", "./cmd/sentry"];
    return runGo(["build", "-v", "-mod=readonly", "-trimpath", "-ldflags", flags, ...output], progress, {
      cwd: sources,
    });
  },
};

/** Of the module that is pinned. */
function version(): string {
  const pinned = readFileSync(join(sources, "go.mod"), "utf8");
  return /github\.com\/dapr\/dapr v(\S+)/.exec(pinned)?.[1] ?? "unknown";
}

/** Names and texts of the files that match, in order. */
function textsOf(...patterns: readonly string[]): string {
  const paths = patterns.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: sources })]).sort();
  return paths.map((path) => `${path}\n${readFileSync(join(sources, path), "utf8")}`).join("\n");
}
