export { appendEvent, appendEvents } from "./append.ts";
export { takeNew } from "./inbox.ts";
export {
  destinationMigration,
  inboxMigration,
  outboxMigration,
  readingMigration,
  waitingMigration,
} from "./migration.ts";
export { type OutboxState, outboxState, type RefusedEvent, refusedEvents, releaseRefused } from "./operator_queries.ts";
export { createRelay, type Relay, type RelayOptions } from "./relay.ts";
