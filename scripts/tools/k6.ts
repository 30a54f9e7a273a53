import { go, runGo } from "./go.ts";
import type { Tool } from "./tool.ts";

const module = "go.k6.io/k6@v1.8.1";

/** The load generator. */
export const k6: Tool = {
  name: "k6",
  title: "k6 1.8.1",
  recipe: () => module,
  needs: [go],
  provides: { k6: "k6" },
  make: (folder, progress) =>
    runGo(["install", "-v", "-trimpath", "-ldflags=-s -w", module], progress, { env: { GOBIN: folder } }),
};
