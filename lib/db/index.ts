export { deleteInBatches } from "./batches.ts";
export {
  type ConnectOptions,
  connect,
  type Database,
  type Fragment,
  type PoolSql,
  type PoolStats,
  type Sql,
  type Tx,
} from "./connect.ts";
export {
  DatabaseStartError,
  errorCode,
  isUniqueViolation,
  mapDatabaseError,
} from "./errors.ts";
export { type MigrateOptions, migrate, pendingMigrations, serverVersion } from "./migrate.ts";
export { type Migration, MigrationError, type MigrationSet } from "./migration.ts";
