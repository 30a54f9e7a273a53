import { type Manifest, weekOfEvents } from "@rondo/service/manifest";
import { apiConfig } from "./config.ts";

export const apiManifest = {
  name: "api",
  description: "Accounts, projects and tasks: the REST interface of Rondo.",
  prefix: "/api",
  config: apiConfig,
  migrations: async () => (await import("./migrations.ts")).apiMigrations,
  publishes: { "task-events": weekOfEvents, "task-updates": weekOfEvents },
  consumes: [],
  calls: {},
  called: true,
} as const satisfies Manifest;
