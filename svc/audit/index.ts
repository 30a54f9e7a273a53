export { createApp } from "./app.ts";
export { auditSubscription } from "./entry/record.ts";
export { auditMigrations } from "./migrations.ts";
export { wireAudit } from "./wire.ts";
