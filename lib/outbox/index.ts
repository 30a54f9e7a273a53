export { appendEvent, appendEvents } from "./append.ts";
export { inboxMigration, outboxMigration } from "./migration.ts";
