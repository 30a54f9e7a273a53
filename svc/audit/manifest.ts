import { authenticationCalls, type Manifest } from "@rondo/service/manifest";
import { auditConfig } from "./config.ts";

export const auditManifest = {
  name: "audit",
  description: "The audit trail: every change, for ever.",
  prefix: "/api/v1/audit",
  config: auditConfig,
  migrations: async () => (await import("./migrations.ts")).auditMigrations,
  publishes: {},
  consumes: [{ topic: "task-events", delivery: "group" }],
  calls: { api: authenticationCalls },
  callTimeoutMs: 3_000,
  called: true,
} as const satisfies Manifest;
