export { createApp } from "./app.ts";
export { apiConfig } from "./config.ts";
export type { AppDeps } from "./deps.ts";
export { createIdentity, type Identity, type IdentityDeps } from "./identity/index.ts";
export { apiMigrations } from "./migrations.ts";
export { keepApiTrimmed } from "./trim.ts";
