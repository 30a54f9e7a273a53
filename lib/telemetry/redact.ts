/** What people write and what opens doors. It should not get here at all; this is the last defence, not the first. */
const privateKey =
  /pass(word|phrase|wd)|secret|token|authorization|cookie|credential|api_?key|private_?key|jwt|database_?url|^(title|notes?|comment|text|content|body|name|email|changes|before|after)$/i;

// What is private wherever it stands in a text. No match fails after its first letters, so a long text takes linear time.
const apiToken = /rondo_pat_[\w-]+/g;
/** A JWT, or what was cut off from one: `{"` is `eyJ` in base64. */
const jwt = /\beyJ[\w-]+(?:\.[\w-]*)*/g;
/** The password of a URL, behind the scheme and the user. */
const urlPassword = /(:\/\/[^\s/:@]*:)[^\s/@]+@/g;

export const redacted = "[redacted]";
const deepest = 6;

/** The text without what is private by its form. */
export function redactText(text: string): string {
  return text.replace(apiToken, redacted).replace(jwt, redacted).replace(urlPassword, `$1${redacted}@`);
}

/** A copy that may be logged: private keys and texts replaced, errors as `{type, message, stack, …}`, plain enough for JSON. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return "[deeper]";
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return redactFields(value, depth + 1);
}

/** Every field, its value redacted. Numbers and truth values stay, whatever their key: they count secrets, they are none. */
export function redactFields(fields: object, depth = 1): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    const open = typeof value === "number" || typeof value === "boolean" || value === null || value === undefined;
    result[key] = open || !privateKey.test(key) ? redact(value, depth) : redacted;
  }
  return result;
}

/** Only what is named here: the extra members of a driver's error hold queries, parameters and rows. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const { code, kind } = error as Error & { code?: unknown; kind?: unknown };
  return {
    type: error.name,
    message: redactText(error.message),
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof kind === "string" ? { kind } : {}),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
