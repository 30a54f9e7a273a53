import { type } from "arktype";

const momentForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/;
const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/**
 * A moment in UTC, from RFC 3339 with any offset (section 5.6; at most microseconds); undefined for what is none. Its year in UTC is one
 * from 1 to 9999: PostgreSQL knows no year 0, and neither offsets of 16 hours and more nor our own form reach beyond.
 */
export function utcMoment(text: string): string | undefined {
  if (!momentForm.test(text)) return undefined;
  try {
    const moment = Temporal.Instant.from(text).toString();
    return instantYear.test(moment) ? moment : undefined;
  } catch {
    return undefined;
  }
}

/** What `Temporal` writes for years beyond four digits begins with a sign. */
const instantYear = /^(?!0000)\d{4}-/;

/** Whether it is a moment in the one form in which Rondo writes it, as a cursor holds it. */
export function isInstant(text: string): boolean {
  return instantForm.test(text) && utcMoment(text) !== undefined;
}

const momentRule = "a moment like 2026-01-31T08:00:00Z, from the year 1 to 9999";

/** A moment in a request, with any offset; becomes the same moment in UTC. */
export const momentSchema = type(momentForm)
  .describe(momentRule)
  .narrow((text, ctx) => utcMoment(text) !== undefined || ctx.reject({ expected: momentRule, actual: "" }))
  .configure({ format: "date-time" }, "self")
  .pipe((text) => utcMoment(text) ?? text);
