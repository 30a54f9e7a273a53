import { Problem, type ProblemKind } from "@rondo/problem";
import postgres from "postgres";

/** The database could not be used at start: one clear line, no secret, no stack needed. */
export class DatabaseStartError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "DatabaseStartError";
  }
}

/** SQLSTATE (PostgreSQL appendix A) or network code → what the caller is told. Classes (two characters) come second. */
const kinds: Readonly<Record<string, ProblemKind>> = {
  "22P02": "invalid", // text that is no uuid, number, enum member …
  "22P05": "invalid",
  "22021": "invalid", // NUL in a text
  "22001": "invalid",
  "22003": "invalid",
  "22007": "invalid",
  "22008": "invalid",
  "22023": "invalid",
  "23502": "invalid",
  "23514": "invalid",
  "23503": "conflict",
  "23505": "conflict",
  "23P01": "conflict",
  "40001": "conflict",
  "40P01": "conflict",
  "55P03": "unavailable", // lock_timeout
  "57014": "unavailable", // statement_timeout
  "57P01": "unavailable",
  "57P02": "unavailable",
  "57P03": "unavailable",
  "57P05": "unavailable",
  "25P03": "unavailable", // idle_in_transaction_session_timeout
  "25P04": "unavailable", // transaction_timeout
  "25006": "unavailable", // read only: a standby after a failover
  "08": "unavailable",
  "53": "unavailable",
  CONNECT_TIMEOUT: "unavailable",
  CONNECTION_CLOSED: "unavailable",
  CONNECTION_DESTROYED: "unavailable",
  CONNECTION_ENDED: "unavailable",
  ECONNREFUSED: "unavailable",
  ECONNRESET: "unavailable",
  ECONNABORTED: "unavailable",
  EPIPE: "unavailable",
  ETIMEDOUT: "unavailable",
  EHOSTUNREACH: "unavailable",
  ENETUNREACH: "unavailable",
  ENOTFOUND: "unavailable",
  EAI_AGAIN: "unavailable",
};

const details: Partial<Record<ProblemKind, string>> = {
  invalid: "A value cannot be stored as it was given.",
  conflict: "Someone else changed the same thing at the same time. Try again.",
  unavailable: "The database does not answer right now. Try again in a moment.",
};

/** The SQLSTATE or network code of an error, if it carries one. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/**
 * The problem that stands for an error of PostgreSQL or of the way to it; `undefined` for anything else (a defect).
 * A `Problem` is returned as it is. The cause is kept for the log and never rendered.
 */
export function mapDatabaseError(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  const code = errorCode(error);
  if (code === undefined) return undefined;
  const kind = kinds[code] ?? kinds[code.slice(0, 2)];
  if (kind === undefined) return undefined;
  const detail = details[kind] ?? "";
  return new Problem(kind, detail, kind === "unavailable" ? { cause: error, retryAfterSeconds: 1 } : { cause: error });
}

const connectFailures = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "CONNECT_TIMEOUT",
  "57P03",
]);

/** Whether no connection could be made at all: the server is away, not merely this statement unlucky. */
export function isConnectFailure(error: unknown): boolean {
  return connectFailures.has(errorCode(error) ?? "");
}

const startReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the host name cannot be looked up",
  CONNECT_TIMEOUT: "no answer in time",
  "28P01": "the password is wrong",
  "28000": "this user may not connect",
  "3D000": "there is no such database",
};

/** Why the database could not be used at start, in one line that names the place but never the password. */
export function startFailure(error: unknown, target: { host: string[]; port: number[]; database: string }): Error {
  if (error instanceof DatabaseStartError) return error;
  const source = error instanceof Problem ? error.cause : error;
  const code = errorCode(source) ?? "";
  const reason = startReasons[code] ?? (source instanceof Error ? source.message : String(source));
  const place = target.host.map((host, index) => `${host}:${target.port[index] ?? ""}`).join(",");
  return new DatabaseStartError(`Cannot use PostgreSQL at ${place}, database "${target.database}": ${reason}.`, error);
}

const isPostgresError = (error: unknown): error is postgres.PostgresError => error instanceof postgres.PostgresError;

/** Whether a unique constraint (or this one, by its name) refused a row: SQLSTATE 23505. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!isPostgresError(error) || error.code !== "23505") return false;
  return constraint === undefined || error.constraint_name === constraint;
}
