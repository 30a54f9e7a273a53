import { mapDatabaseError } from "@rondo/db";
import { Problem } from "@rondo/problem";
import type { Auth } from "./auth.ts";

/** Milliseconds. better-auth's pool has no deadline of its own for a query that waits for a connection. */
const deadlineMs = 8_000;

const pointers: Readonly<Record<string, string>> = {
  INVALID_EMAIL: "/email",
  INVALID_PASSWORD: "/password",
  PASSWORD_TOO_SHORT: "/password",
  PASSWORD_TOO_LONG: "/password",
};

/**
 * Runs a function of better-auth. Its errors come out as ours: what is wrong with a field as `invalid` with its pointer, a
 * wrong e-mail or password as `unauthenticated`; what it should never have said as `internal`.
 */
export async function callAuth<T>(load: () => Promise<Auth>, run: (auth: Auth) => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(noAnswer()), deadlineMs);
  try {
    return await Promise.race([load().then(run), late.promise]);
  } catch (error) {
    throw toProblem(error);
  } finally {
    clearTimeout(timer);
  }
}

/** The code of an error of better-auth, such as `INVALID_EMAIL`. */
export function authErrorCode(error: unknown): string | undefined {
  return isRefusal(error) ? error.body.code : undefined;
}

/** An `APIError` of better-auth, known by its shape: importing the class would load all of it. */
function isRefusal(error: unknown): error is Error & { readonly body: { readonly code: string } } {
  if (!(error instanceof Error) || error.name !== "APIError" || !("body" in error)) return false;
  const { body } = error;
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string";
}

function toProblem(error: unknown): Problem {
  const mapped = mapDatabaseError(error);
  if (mapped) return mapped;
  const code = authErrorCode(error);
  if (code === "INVALID_EMAIL_OR_PASSWORD") return wrongCredentials(error);
  const pointer = code === undefined ? undefined : pointers[code];
  if (pointer !== undefined && isRefusal(error)) {
    return new Problem("invalid", "Some fields are invalid.", { errors: [{ pointer, detail: `${error.message}.` }] });
  }
  return new Problem("internal", "This is our mistake, not yours. Try again later.", { cause: error });
}

/** Neither which of the two is wrong, nor whether there is such an account. */
export function wrongCredentials(cause?: unknown): Problem {
  return new Problem("unauthenticated", "The e-mail address or the password is wrong.", { cause });
}

function noAnswer(): Problem {
  return new Problem("unavailable", "The database does not answer right now. Try again in a moment.", {
    cause: new Error(`no answer from better-auth within ${deadlineMs} ms`),
    retryAfterSeconds: 1,
  });
}
