export { createApp } from "./app.ts";
export { scheduleApiChores } from "./chores.ts";
export { apiConfig } from "./config.ts";
export type { AppDeps } from "./deps.ts";
export { createIdentity, type Identity, type IdentityDeps } from "./identity/index.ts";
export { apiMigrations } from "./migrations.ts";
