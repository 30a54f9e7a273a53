import type { Manifest } from "@rondo/service/manifest";
import { webConfig } from "./config.ts";

export const webManifest = {
  name: "web",
  description: "The pages of Rondo.",
  prefix: "/",
  config: webConfig,
  publishes: {},
  consumes: [],
  calls: { api: [{ method: "*", path: "/api/**" }], audit: [{ method: "*", path: "/api/**" }] },
  called: false,
} as const satisfies Manifest;
