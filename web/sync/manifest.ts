import { authenticationCalls, type Manifest } from "@rondo/service/manifest";
import { syncConfig } from "./config.ts";

export const syncManifest = {
  name: "sync",
  description: "Live updates for open windows: Server-Sent Events and WebSocket.",
  prefix: "/sync",
  config: syncConfig,
  publishes: {},
  consumes: [{ topic: "task-updates", delivery: "broadcast" }],
  calls: { api: authenticationCalls },
  callTimeoutMs: 3_000,
  called: false,
} as const satisfies Manifest;
