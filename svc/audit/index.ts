export { type AppDeps, createApp } from "./app.ts";
export { auditConfig } from "./config.ts";
export { auditSubscription, type RecordDeps } from "./entry/record.ts";
export { auditMigrations } from "./migrations.ts";
export { keepAuditTrimmed } from "./trim.ts";
