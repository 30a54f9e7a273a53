import { type FieldError, Problem, type ProblemKind, problemKinds } from "@rondo/problem";

const kinds = Object.keys(problemKinds) as ProblemKind[];

/** Rebuilds the thrown Problem from an answer that is not 2xx: from its RFC 9457 document, else from its status alone. */
export async function toProblem(response: Response): Promise<Problem> {
  const document = await readObject(response);
  const kind = kindOf(document.type, response.status);
  const detail = firstText(document.detail, document.message) ?? problemKinds[kind].title;
  const retryAfterSeconds = readRetryAfter(response);
  return new Problem(kind, detail, {
    errors: fieldErrors(document.errors),
    ...(document.current === undefined ? {} : { current: document.current }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    cause: { status: response.status, request_id: document.request_id },
  });
}

/** Whole seconds of a `Retry-After` header in its delay form (RFC 9110 section 10.2.3); undefined when absent or a date. */
export function readRetryAfter(response: Response): number | undefined {
  const text = response.headers.get("retry-after");
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

async function readObject(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function kindOf(type: unknown, status: number): ProblemKind {
  const named = typeof type === "string" ? type.split("/").at(-1) : undefined;
  const byName = kinds.find((kind) => kind === named);
  if (byName) return byName;
  const byStatus = kinds.find((kind) => problemKinds[kind].status === status);
  if (byStatus) return byStatus;
  if (status === 502 || status === 504) return "unavailable";
  return status >= 400 && status < 500 ? "malformed" : "internal";
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value) => typeof value === "string" && value !== "") as string | undefined;
}

function fieldErrors(errors: unknown): readonly FieldError[] {
  if (!Array.isArray(errors)) return [];
  return errors.filter(
    (error): error is FieldError =>
      typeof error === "object" &&
      error !== null &&
      typeof Reflect.get(error, "pointer") === "string" &&
      typeof Reflect.get(error, "detail") === "string",
  );
}
