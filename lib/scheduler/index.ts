export { createDaprScheduler, type DaprSchedulerOptions } from "./dapr/scheduler.ts";
export { createLocalScheduler, type LocalSchedulerOptions } from "./local/scheduler.ts";
export { schedulerMigrations } from "./migrations.ts";
export * from "./port.ts";
