export { type AppDeps, createApp } from "./app.ts";
export { scheduleAuditChores } from "./chores.ts";
export { auditConfig } from "./config.ts";
export { auditSubscription, type RecordDeps } from "./entry/record.ts";
export { auditMigrations } from "./migrations.ts";
