export { createApp } from "./app.ts";
export { createIdentity } from "./identity/index.ts";
export { apiMigrations } from "./migrations.ts";
export { wireApi } from "./wire.ts";
