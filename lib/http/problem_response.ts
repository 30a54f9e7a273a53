import { mapDatabaseError } from "@rondo/db";
import { Problem, type ProblemKind, problemKinds, toProblemDocument } from "@rondo/problem";
import { HTTPException } from "hono/http-exception";

const kindOfStatus = new Map<number, ProblemKind>(
  Object.entries(problemKinds).map(([kind, { status }]) => [status, kind as ProblemKind]),
);

const internalDetail = "This is our mistake, not yours. Try again later; the request id helps us to find it.";

/** Any thrown value as a problem. What nobody expected becomes `internal`, with the cause for the log only. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException) return fromHttpException(error);
  return mapDatabaseError(error) ?? new Problem("internal", internalDetail, { cause: error });
}

/** What Hono's own helpers throw. Their messages are theirs, so only the status is kept. */
function fromHttpException(error: HTTPException): Problem {
  const kind = kindOfStatus.get(error.status) ?? (error.status < 500 ? "malformed" : "internal");
  const detail = kind === "internal" ? internalDetail : `${problemKinds[kind].title}.`;
  return new Problem(kind, detail, { cause: error });
}

/** The one rendering of an error: RFC 9457, with `Retry-After` (RFC 9110 section 10.2.3) and `WWW-Authenticate` (11.6.1). */
export function problemResponse(problem: Problem, requestId: string): Response {
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (problem.retryAfterSeconds !== undefined) headers.set("retry-after", String(problem.retryAfterSeconds));
  if (problem.kind === "unauthenticated") headers.set("www-authenticate", 'Bearer realm="rondo"');
  const { status } = problemKinds[problem.kind];
  return new Response(JSON.stringify(toProblemDocument(problem, requestId)), { status, headers });
}
