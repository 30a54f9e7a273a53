/** The few kinds of error a verb may throw. Everything else that is thrown is a defect and becomes `internal`. */
export const problemKinds = {
  malformed: { status: 400, title: "The request could not be read" },
  unauthenticated: { status: 401, title: "Sign in first" },
  forbidden: { status: 403, title: "Not allowed" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "This address does not answer to that method" },
  conflict: { status: 409, title: "In conflict with the current state" },
  stale: { status: 412, title: "Changed by someone else meanwhile" },
  too_large: { status: 413, title: "The request is too large" },
  unsupported_media_type: { status: 415, title: "Unsupported content type" },
  invalid: { status: 422, title: "Some fields are invalid" },
  too_many: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong on our side" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
} as const;

export type ProblemKind = keyof typeof problemKinds;

/** One wrong field: an RFC 6901 JSON pointer into the request body, or `query:<name>` / `header:<name>`, and the fix. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  /** The current state, returned beside a `stale` problem so that the writer can show both. */
  readonly current?: unknown;
  /** Whole seconds until a retry makes sense: `Retry-After` of `too_many` and `unavailable`. */
  readonly retryAfterSeconds?: number;
  /** For the log only; never rendered. */
  readonly cause?: unknown;
}

/** An expected failure, thrown by verbs and rendered in one place (`@rondo/http`). `detail` is for the reader of the answer. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly current: unknown;
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: ProblemKind, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.name = "Problem";
    this.kind = kind;
    this.detail = detail;
    this.errors = options.errors ?? [];
    this.current = options.current;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The body of every error: RFC 9457 section 3, with our extension members `errors`, `current` and `request_id`. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly request_id: string;
  readonly current?: unknown;
}

/** Renders a problem. `type` is a relative reference (RFC 9457 section 3.1.1) to `/problems/<kind>`. */
export function toProblemDocument(problem: Problem, requestId: string): ProblemDocument {
  const { status, title } = problemKinds[problem.kind];
  return {
    type: `/problems/${problem.kind}`,
    title,
    status,
    detail: problem.detail,
    errors: problem.errors,
    request_id: requestId,
    ...(problem.current === undefined ? {} : { current: problem.current }),
  };
}

/** The one answer for a thing that is missing and for a thing of another workspace: the two must not differ by a byte. */
export function notFound(): Problem {
  return new Problem("not_found", "There is no such thing here.");
}
